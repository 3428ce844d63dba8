"""The audit: who reads it, what stands there, and the proof that nobody rewrote it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from brigade.kernel import instants
from brigade.kernel.parties.actions import change_person, grant_role
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.drafts import change_draft, open_draft
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.publishing import submit_draft
from brigade.kernel.records.models import Record, Seal
from brigade.kernel.work.moving import take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.recipe_approvals import approve_draft
from brigade.kernel.work.saying import say
from brigade.web.audit.labels import SUBJECTS
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = ("/audit", "/audit/seals", "/audit/alone")


@pytest.mark.parametrize("who", ["audrey", "ada"])
@pytest.mark.parametrize("page", PAGES)
def test_it_is_open_to(signed_in: Any, desk: Cast, incident: Record, who: str, page: str) -> None:
    assert signed_in(getattr(desk, who)).get(page).status_code == 200


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "petra", "olga", "bert", "carl"])
def test_it_is_closed_to(signed_in: Any, desk: Cast, who: str) -> None:
    client = signed_in(getattr(desk, who))
    for page in PAGES:
        assert client.get(page).status_code == 403
    assert client.post("/audit/verifications").status_code == 403
    assert client.post("/audit/seals").status_code == 403
    assert not Seal.objects.exists()


def test_configuration_reads_before_and_after(signed_in: Any, desk: Cast) -> None:
    change_person(desk.eve, by=desk.ada, name="Eve Bookkeeper")
    html = signed_in(desk.audrey).get("/audit?about=person").content.decode()
    row = html.split("<tr>")[2]
    assert "<del>Eve Ledger</del> <ins>Eve Bookkeeper</ins>" in row
    assert "Ada Admin" in row and "on a page" in row
    assert f'href="/people/{desk.eve.pk}"' in row


def test_everything_journalled_has_a_word(db: None) -> None:
    """The triggers say which tables are journalled, and as what."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct split_part(encode(tgargs, 'escape'), '\\000', 1) from pg_trigger"
            " join pg_proc on pg_proc.oid = tgfoid where proname = 'journal_configuration'"
        )
        kinds = {kind for (kind,) in cursor.fetchall()}
    assert len(kinds) > 20 and not kinds - set(SUBJECTS)


def test_a_draft_and_the_vote_on_it_are_read(signed_in: Any, desk: Cast) -> None:
    adopt("incident", by=desk.ada, owner=desk.petra, rationale="Restore.")
    timer = Operation("set", "facets.core.timers.autoclose.after", "3d", "Fast.", "")
    draft = open_draft("incident", by=desk.amos)
    change_draft(draft.pk, by=desk.amos, put=[timer])
    submit_draft(draft.pk, by=desk.amos)
    approve_draft(draft.pk, by=desk.petra, statement="So be it.")
    html = signed_in(desk.audrey).get("/audit?about=recipe_draft").content.decode()
    assert "Draft of a recipe" in html and 'href="/recipes/incident"' in html
    assert "Begun by" in html and "Amos Admin" in html
    assert "Vote" in html and "approval.id" not in html


def test_ids_are_read_as_names(signed_in: Any, desk: Cast) -> None:
    html = signed_in(desk.audrey).get("/audit?about=role_grant").content.decode()
    assert "Carl Customer" in html and "Customer manager" in html
    assert "Finance" in signed_in(desk.audrey).get("/audit?about=person").content.decode()


def test_records_say_what_was_done_but_not_what_was_written(
    signed_in: Any, desk: Cast, incident: Record
) -> None:
    record = take(incident, by=desk.sam)
    say(record, "A secret word", by=desk.sam, visibility="internal")
    html = signed_in(desk.audrey).get("/audit?about=record").content.decode()
    assert incident.number in html and "Start work" in html and "Sam Desk" in html
    assert "<del>New</del> <ins>In progress</ins>" in html
    assert "A secret word" not in html


def test_of_a_confidential_record_only_that_it_exists(signed_in: Any, desk: Cast) -> None:
    hidden = open_record("incident", by=desk.eve, fields={"title": "About a colleague"})
    Record.objects.filter(pk=hidden.pk).update(confidential=True)
    html = signed_in(desk.audrey).get("/audit?about=record").content.decode()
    assert "A confidential record" in html and "not open to you" in html
    assert "About a colleague" not in html and hidden.number not in html


def test_filters_stand_in_the_address(signed_in: Any, desk: Cast, incident: Record) -> None:
    client = signed_in(desk.audrey)

    def rows(query: str) -> int:
        return len(re.findall(r'<th scope="row">', client.get(f"/audit?{query}").content.decode()))

    assert rows(f"who={desk.eve.pk}") == 1
    assert rows("who_text=Eve Ledger") == 1
    assert rows("about=record") == 1
    today = instants.now().date()
    assert rows(f"from={today}&to={today}&about=record") == 1
    assert rows(f"to={today - timedelta(days=1)}") == 0
    assert rows(f"about=person&subject={desk.eve.pk}") == 1
    assert "Nothing matches" in client.get("/audit?from=2190-01-01").content.decode()


@pytest.mark.parametrize("query", ["from=x", "to=2026-02-30", "from=0001-01-01", "who_text=Zz"])
def test_what_means_nothing_is_refused(signed_in: Any, desk: Cast, query: str) -> None:
    answer = signed_in(desk.audrey).get(f"/audit?{query}")
    assert answer.status_code == 422 and "<title>Error:" in answer.content.decode()


def test_odd_addresses_do_no_harm(signed_in: Any, desk: Cast) -> None:
    client = signed_in(desk.audrey)
    for query in ("after=x", "after=2026-01-01,1", "about=%00", "subject=99999999999999999999"):
        assert client.get(f"/audit?{query}").status_code == 200


def test_pages_go_on_and_cost_the_same(
    signed_in: Any, desk: Cast, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.audrey)
    for number in range(10):
        open_record("incident", by=desk.eve, fields={"title": f"Broken {number}"})
    path = "/audit?about=record"
    client.get(path)
    with django_assert_max_num_queries(16) as few:
        client.get(path)
    for number in range(190):
        open_record("incident", by=desk.eve, fields={"title": f"Broken {number}"})
    with django_assert_max_num_queries(16) as many:
        html = client.get(path).content.decode()
    assert len(few) == len(many)
    seen: list[str] = []
    while True:
        seen += re.findall(r">(INC-\d+)</a>", html)
        more = re.search(r'href="(\?[^"]*after=[^"]+)" rel="next"', html) or re.search(
            r'href="(\?[^"]*after=[^"]+)"', html
        )
        if not more:
            break
        html = client.get("/audit" + more[1].replace("&amp;", "&")).content.decode()
    assert len(seen) == len(set(seen)) == 200


def test_verifying_proves_what_is_whole(signed_in: Any, desk: Cast, incident: Record) -> None:
    client = signed_in(desk.audrey)
    html = client.post("/audit/verifications", follow=True).content.decode()
    assert "Everything is as it was written." in html
    assert "Everything is" not in client.get("/audit/seals").content.decode()


def test_verifying_finds_a_forged_entry(signed_in: Any, desk: Cast, incident: Record) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table records_journalentry disable trigger user")
        cursor.execute(
            "update records_journalentry set actor_id = %s where record_id = %s",
            [desk.sid.pk, incident.pk],
        )
        cursor.execute("alter table records_journalentry enable trigger user")
    html = signed_in(desk.ada).post("/audit/verifications", follow=True).content.decode()
    assert "Something is not as it was written." in html
    assert f"{incident.number}, entry 1" in html and "is not what was written." in html


def test_sealing_prints_the_root(signed_in: Any, desk: Cast, incident: Record) -> None:
    client = signed_in(desk.audrey)
    assert "Nothing is sealed yet." in client.get("/audit/seals").content.decode()
    html = client.post("/audit/seals", follow=True).content.decode()
    root = bytes(Seal.objects.get().root).hex()
    assert html.count(root) == 2
    assert client.get("/audit/seals").content.decode().count(root) == 1


def test_roles_without_a_second_person(signed_in: Any, desk: Cast) -> None:
    html = signed_in(desk.audrey).get("/audit/alone").content.decode()
    assert "The second administrator." in html and "Amos Admin" in html
    assert grant_role(desk.nora, "auditor", by=desk.ada, reason="Unneeded").state == "requested"
    assert "Nora" not in signed_in(desk.audrey).get("/audit/alone").content.decode()
