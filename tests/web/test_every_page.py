"""Every page: nothing for axe to find, nothing sideways, nothing inline, within its budget.

`queries_per_page.json` holds how many statements a page may send: what it needed
when it was written down with `BRIGADE_TEST_WRITE_BUDGETS=1`, and two more.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.permissions.world import World
from tests.web.browser import AXE, Visitor, faults
from tests.web.every_page import Look, every_page, furnished

BUDGETS = Path(__file__).with_name("queries_per_page.json")
NODES = {"desk": 2000, "portal": 600}
KILOBYTES = {"desk": 15, "portal": 10}
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|importmap|application/json))", re.I
)


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect every statement, those that do not go through Django as well."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *args: Any, **more: Any) -> Any:
        sent.append(str(query))
        return execute(self, query, *args, **more)

    psycopg.Cursor.execute = counted  # type: ignore[method-assign, assignment]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


@pytest.mark.django_db
def test_every_page_keeps_its_budget_and_is_plain_html(db: None) -> None:
    world = furnished()
    budgets: dict[str, int] = json.loads(BUDGETS.read_text(encoding="utf-8"))
    found: dict[str, int] = {}
    wrong: list[str] = []
    for look in every_page(world):
        client = world.actors[look.reader].client
        client.get(look.path)
        with counting() as sent:
            answer = client.get(look.path)
        statements = [one for one in sent if not one.startswith(("SAVEPOINT", "RELEASE"))]
        found[look.name] = len(statements)
        wrong += plain_faults(look, answer)
    if os.environ.get("BRIGADE_TEST_WRITE_BUDGETS"):
        text = json.dumps({name: n + 2 for name, n in sorted(found.items())}, indent=1)
        BUDGETS.write_text(text + "\n", encoding="utf-8")
        return
    assert set(found) == set(budgets), "write the budgets down again"
    over = {name: n for name, n in found.items() if n > budgets[name]}
    wrong += [f"{name}: {n} statements, {budgets[name]} allowed" for name, n in over.items()]
    assert not wrong, "\n".join(wrong)


def plain_faults(look: Look, answer: Any) -> list[str]:
    """Return what is wrong with the HTML of a page by itself."""
    if answer.status_code != look.status:
        return [f"{look.name}: {answer.status_code} for {look.reader}"]
    html = answer.content.decode()
    wrong = [f"{look.name}: inline {found[0]!r}" for found in INLINE.finditer(html)]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "script-src 'self'" not in policy or "unsafe" in policy:
        wrong.append(f"{look.name}: its policy is {policy!r}")
    if look.whole and look.name != "gallery":
        weight = len(gzip.compress(answer.content)) / 1024
        if weight > KILOBYTES[frame_of(html)]:
            wrong.append(f"{look.name}: {weight:.1f} KB of HTML")
    return wrong


def frame_of(html: str) -> str:
    """Say whose budget a page has: the portal's is the smaller one."""
    return "desk" if 'id="nav"' in html else "portal"


PARTS = 4
"""The pages are looked at in so many tests, which processes share between them."""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_in_a_browser(
    browser: Browser, live_server: Any, settings: Any, part: int
) -> None:
    settings.SEPARATE_STYLES = True
    world = furnished()
    visitors: dict[str, Visitor] = {}
    wrong: list[str] = []
    whole = [look for look in every_page(world) if look.whole]
    for look in whole[part::PARTS]:
        if look.reader not in visitors:
            visitors[look.reader] = _visitor(browser, live_server.url, world, look.reader)
        wrong += _looked_at(visitors[look.reader], look)
    for one in visitors.values():
        one.context.close()
    assert not wrong, "\n".join(wrong)


def _visitor(browser: Browser, address: str, world: World, name: str) -> Visitor:
    one = Visitor(browser, address, "wide", "light")
    one.context.add_init_script(path=AXE)
    one.page.emulate_media(reduced_motion="reduce")
    person = world.actors[name].person
    return one.sign_in(person) if person is not None else one


def _looked_at(one: Visitor, look: Look) -> list[str]:
    page = one.look(look.path)
    nodes = page.evaluate("() => document.querySelectorAll('*').length")
    wrong = faults(page)
    if look.name != "gallery" and nodes > NODES[frame_of(page.content())]:
        wrong.append(f"{nodes} nodes")
    expected = "404" if look.status == 404 else "\0"
    wrong += [f"console: {said}" for said in one.problems if expected not in said]
    one.problems.clear()
    return [f"{look.name} ({look.path}): {fault}" for fault in wrong]
