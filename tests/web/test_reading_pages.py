"""Parts and states of pages that are only read, with work in every state, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.integrations.logs.models import ImportRun
from brigade.jobs.imports import import_log
from brigade.kernel import instants
from brigade.kernel.instants import at_instant
from brigade.kernel.outbox.models import Message
from brigade.kernel.records.audit import seal
from brigade.kernel.work.moving import move, take
from tests.cast import Cast
from tests.kernel.work.conftest import desk
from tests.web.browser import axe, faults
from tests.web.imports.test_imports import upload
from tests.web.work.full_queue import fill, report

__all__ = ["desk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(desk: Cast) -> Cast:
    """A month of work, mail that could not leave, an import that waits and one that ran."""
    for number in range(24):
        with at_instant(instants.now() - timedelta(days=number * 7 % 45)):
            made = report(desk, f"Older, number {number}", urgent=number % 5 == 0)
        if number % 2:
            move(take(made, by=desk.nora), "resolve", by=desk.nora, fields={"resolution": "Done."})
    fill(desk, 24)
    Message.objects.filter(channel="mail").update(state="withheld", reason="not_set_up")
    first = Message.objects.filter(channel="mail").order_by("-id").first()
    if first is not None:
        Message.objects.filter(pk=first.pk).update(
            state="dead", reason="refused", last_error="550 no such user here", attempts=5
        )
    client = Client()
    client.force_login(desk.ada, backend="django.contrib.auth.backends.ModelBackend")
    for _time in range(2):
        assert upload(client).status_code == 302
        run = ImportRun.objects.latest("id")
        if not ImportRun.objects.filter(state="finished").exists():
            import_log(run.pk)
    seal(at=instants.now())
    return desk


def pages() -> list[tuple[str, str, str]]:
    """Name, address, and who looks."""
    waiting = ImportRun.objects.filter(state="waiting").latest("id").pk
    finished = ImportRun.objects.filter(state="finished").latest("id").pk
    return [
        ("recipe-fields", "/recipes/incident?part=fields", "petra"),
        ("recipe-rules", "/recipes/incident?part=rules", "petra"),
        ("recipe-roles", "/recipes/incident?part=roles", "petra"),
        ("recipe-versions", "/recipes/incident?part=versions", "petra"),
        ("recipe-outline", "/recipes/evaluation", "petra"),
        ("figures-error", "/figures/incidents?from=2026-03-02&to=2026-03-01", "lena"),
        ("import-look", f"/imports/{waiting}", "ada"),
        ("import-result", f"/imports/{finished}", "ada"),
        ("outbox-none", "/outbox?channel=webhook", "ada"),
        ("audit-people", "/audit?about=person", "audrey"),
    ]


def test_every_page_reads_for_everybody(visitor: Any, busy: Cast) -> None:
    names = ("petra", "lena", "ada", "audrey")
    people = {who: visitor(getattr(busy, who)) for who in names}
    found = []
    for name, address, who in pages():
        found += [f"{name}: {each}" for each in faults(people[who].look(address))]
    found += [
        problem for one in people.values() for problem in one.problems if "422" not in problem
    ]
    assert not found, "\n".join(found)


def test_an_import_is_followed_with_the_keyboard(visitor: Any, busy: Cast) -> None:
    who = visitor(busy.ada)
    page = who.open(f"/imports/{ImportRun.objects.filter(state='waiting').latest('id').pk}")
    page.get_by_role("button", name="Import it now").focus()
    page.keyboard.press("Enter")
    page.get_by_text("A worker takes it up in a moment.").wait_for()
    assert not axe(page)
    import_log(ImportRun.objects.latest("id").pk)
    page.get_by_text("became entries").wait_for()
    assert not who.problems


def test_a_state_is_chosen_in_the_drawing(visitor: Any, busy: Cast) -> None:
    page = visitor(busy.petra).open("/recipes/incident")
    page.locator("svg.graph a", has_text="Waiting").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/recipes/incident?state=waiting#map")
    assert page.locator("svg.graph a[aria-current]").text_content().startswith("Waiting")
    assert page.get_by_role("heading", name="Waiting").is_visible()
