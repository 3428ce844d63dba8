"""The two pages an agent lives in, as a server gives them and as a browser takes them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from bench.bulk import NUMBERS_FROM, POOL_STEP
from bench.client import Line, load, request
from bench.company import Company
from bench.figures import Round, timed
from bench.web import Running

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RECORD = f"INC-{NUMBERS_FROM + POOL_STEP}"


def paths() -> dict[str, str]:
    """Return the path of each page by the name of its measure."""
    from django.urls import reverse

    return {"queue_page": reverse("queue"), "record_page": reverse("record", args=[RECORD])}


class _Nodes(HTMLParser):
    count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1


def nodes_of(html: str) -> int:
    """Return how many elements a page is sent with."""
    parser = _Nodes()
    parser.feed(html)
    return parser.count


def _asked(company: Company, path: str) -> bytes:
    return request("GET", path, {"Cookie": f"brigade_session={company.session}"})


def measures(company: Company, web: Running, seconds: float) -> dict[str, Callable[[], Round]]:
    """Return the measure of each page, warm, one reader: what the server takes and sends."""

    def one(path: str) -> Callable[[], Round]:
        sent = _asked(company, path)

        def measure() -> Round:
            cpu = web.cpu_seconds
            seen = load(web.port, 1, seconds / 2, lambda client, turn: sent, warm=0.2, cpu=cpu)
            line = Line(web.port)
            _status, _head, body = line.ask(sent)
            line.close()
            return timed(
                seen.times,
                server_cpu_ms=round(seen.server_cpu_ms, 3),
                bytes=len(body),
                nodes=nodes_of(body.decode()),
            )

        return measure

    return {name: one(path) for name, path in paths().items()}


def after_idling(company: Company, web: Running, seconds: float) -> dict[str, Round]:
    """Return how long each page takes first thing after nobody asked for `seconds`."""
    found: dict[str, Round] = {}
    for name, path in paths().items():
        time.sleep(seconds)
        line = Line(web.port)
        begun = time.perf_counter()
        line.ask(_asked(company, path))
        found[f"{name}_after_idling"] = {
            "ms": round(1000 * (time.perf_counter() - begun), 3),
            "idle_seconds": seconds,
        }
        line.close()
    return found


def in_a_browser(company: Company, web: Running) -> dict[str, Round]:
    """Return requests, bytes over the line and nodes of the first visit and the next.

    Empty where there is no Chromium.
    """
    program = os.environ.get("BRIGADE_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUM)), None
    )
    if program is None:
        return {}
    from playwright.sync_api import sync_playwright

    found: dict[str, Round] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, path in paths().items():
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            address = f"http://localhost:{web.port}"
            context.add_cookies(
                [{"name": "brigade_session", "value": company.session, "url": address}]
            )
            page = context.new_page()
            first = _visit(page, address + path)
            again = _visit(page, address + path)
            found[f"{name}_in_a_browser"] = {
                "first_requests": first["requests"],
                "first_bytes": first["bytes"],
                "next_requests": again["requests"],
                "next_bytes": again["bytes"],
                "nodes": again["nodes"],
            }
            context.close()
        browser.close()
    return found


def _visit(page: Any, address: str) -> dict[str, int]:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    nodes = page.evaluate("document.getElementsByTagName('*').length")
    session.detach()
    over_the_line = [size for size in sizes if size > 0]
    return {"requests": len(over_the_line), "bytes": int(sum(over_the_line)), "nodes": int(nodes)}
