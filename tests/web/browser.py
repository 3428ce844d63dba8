"""A real browser for the tests that need one: sign in, look, measure, and ask axe.

Chromium comes from `BRIGADE_TEST_CHROMIUM`, from the system, or from
playwright; where there is none the test fails and says what to install.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

AXE = Path(__file__).parents[2] / "frontend/.testing/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"wide": (1440, 900), "phone": (390, 844), "narrow": (320, 640)}
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def chromium() -> str | None:
    """Return the browser to start; None lets playwright start the one it brought."""
    named = os.environ.get("BRIGADE_TEST_CHROMIUM", "")
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return named or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run. Django may be used beside it although playwright runs a loop."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield started
        started.close()


class Visitor:
    """Somebody at a browser; `problems` collects what its console complained about."""

    def __init__(self, browser: Browser, address: str, size: str, theme: str) -> None:
        wide, tall = SIZES[size]
        self.address = address
        self.context: BrowserContext = browser.new_context(
            viewport={"width": wide, "height": tall},
            color_scheme="dark" if theme == "dark" else "light",
            locale="en-GB",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def sign_in(self, person: Any) -> Visitor:
        """Carry the session of `person`, as if they had just signed in."""
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}]
        )
        return self

    def look(self, path: str) -> Page:
        """Go to a page that is only looked at: loaded, its scripts run, the net not waited for."""
        self.page.goto(self.address + path, wait_until="load")
        self.page.wait_for_timeout(150)
        return self.page

    def open(self, path: str) -> Page:
        """Go to a page and wait until its scripts have run."""
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page


@pytest.fixture
def visitor(browser: Browser, live_server: Any, settings: Any) -> Iterator[Any]:
    """Return a function that makes visitors: `visitor(person, size="phone", theme="dark")`."""
    settings.SEPARATE_STYLES = True
    made: list[Visitor] = []

    def make(person: Any = None, size: str = "wide", theme: str = "light") -> Visitor:
        one = Visitor(browser, live_server.url, size, theme)
        made.append(one)
        return one.sign_in(person) if person is not None else one

    yield make
    for one in made:
        one.context.close()
    _let_the_server_finish()


def _let_the_server_finish(seconds: float = 2.0) -> None:
    """Wait until no request of a page that is gone holds a row: the tables are emptied next."""
    busy = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and state not in ('idle', 'disabled')"
    )
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(busy)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


LAID_OUT = """
() => new Promise(done => {
  scrollTo(0, 0);
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
})
"""
"""The page is laid out: what a new width makes scroll is made focusable a frame later."""


def faults(page: Page) -> list[str]:
    """Return what is wrong with a page as it stands, wide and narrow, light and dark.

    One look for all of them: the page is asked again after each change of its
    window, and left wide and light.
    """
    found = [f"light: {one}" for one in axe(page)]
    _as_seen(page, "wide", "dark")
    found += [f"dark: {one}" for one in axe(page, only="color-contrast")]
    for size in ("phone", "narrow"):
        _as_seen(page, size, "light")
        if over := overflow(page):
            found.append(f"{over} px wider than {SIZES[size][0]}")
        if size == "phone":
            found += [f"phone: {one}" for one in axe(page, without="color-contrast")]
    _as_seen(page, "wide", "light")
    return found


def _as_seen(page: Page, size: str, theme: str) -> None:
    wide, tall = SIZES[size]
    page.set_viewport_size({"width": wide, "height": tall})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(LAID_OUT)


def axe(page: Page, *, only: str = "", without: str = "") -> list[str]:
    """Return what axe finds wrong on the page, one line a node; empty is what we want.

    `only` names the one rule to ask: colours are all that another theme changes.
    `without` names one to leave out: colours are what another width does not change.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(LAID_OUT)
    asked = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": RULES}
    rules = {without: {"enabled": False}} if without else {}
    return list(page.evaluate(ASK_AXE, [asked, rules]))


ASK_AXE = """
([asked, rules]) => axe
  .run(document, {runOnly: asked, rules, resultTypes: ['violations']})
  .then(found => found.violations.flatMap(({id, nodes}) => nodes.map(
    ({html, target}) => `${id}: ${html.slice(0, 160)} (${target.join(' ')})`)))
"""
"""Only what is wrong comes over: all that is right takes three times as long to hand on."""


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window; 0 is what we want."""
    return int(
        page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
    )
