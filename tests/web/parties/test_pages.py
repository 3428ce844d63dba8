"""Who sees which of these pages, and that every one of them can be drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brigade.kernel.parties import actions
from brigade.kernel.parties.queries import grants_visible_to

pytestmark = pytest.mark.django_db


def status(client: Client, person: Any, path: str) -> int:
    client.force_login(person)
    return int(client.get(path).status_code)


def paths_of(cast: Any) -> list[str]:
    tom, desk, finance = cast.tom.pk, cast.service_desk.pk, cast.finance.pk
    return [
        "/people", "/people?q=to", "/people?all=1", f"/people?team={desk}",
        f"/people?organisation={finance}", f"/people/{tom}", f"/people/{cast.eve.pk}",
        "/teams", "/teams?q=ser", f"/teams/{desk}", "/organisations", "/organisations?q=fi",
        f"/organisations/{finance}", "/csv/people", "/csv/teams", "/csv/organisations",
    ]  # fmt: skip


def forms_of(cast: Any) -> list[str]:
    tom, desk, finance = cast.tom.pk, cast.service_desk.pk, cast.finance.pk
    return [
        "/people/new", f"/people/{tom}/change", f"/people/{tom}/erasure", "/teams/new",
        f"/teams/{desk}/change", "/organisations/new", f"/organisations/{finance}/change",
        f"/people/{tom}/grants/new",
        *(f"/people/{tom}/relations/{kind}" for kind in
          ("team", "lead", "manager", "deputy", "organisation")),
    ]  # fmt: skip


def test_staff_read_and_administrators_write(client: Client, cast: Any) -> None:
    for path in paths_of(cast):
        for person in (cast.sam, cast.audrey, cast.ada):
            assert status(client, person, path) == 200, (path, person)
    for path in forms_of(cast):
        assert status(client, cast.ada, path) == 200, path
        assert status(client, cast.sam, path) == 403, path


def test_nobody_signed_in_is_led_to_sign_in(client: Client, cast: Any) -> None:
    for path in paths_of(cast) + forms_of(cast) + ["/grants", "/settings"]:
        assert client.get(path).status_code == 302, path


def test_an_employee_finds_nobody_but_themselves(client: Client, cast: Any) -> None:
    assert status(client, cast.eve, f"/people/{cast.eve.pk}") == 200
    assert status(client, cast.eve, f"/people/{cast.sid.pk}") == 404
    assert status(client, cast.eve, f"/people/{cast.sid.pk}/change") == 404
    assert status(client, cast.eve, f"/teams/{cast.service_desk.pk}") == 404
    assert status(client, cast.eve, f"/organisations/{cast.sales.pk}") == 404
    text = client.get("/people").content.decode()
    assert "Eve Ledger" in text and "Sid Seller" not in text
    assert "Sid" not in client.get("/csv/people/file").content.decode()


def test_a_vendors_agent_sees_their_own_company(client: Client, cast: Any) -> None:
    client.force_login(cast.bert)
    text = client.get("/people").content.decode()
    assert "Bert Beta" in text and "Sam Desk" not in text
    assert status(client, cast.bert, f"/people/{cast.sam.pk}") == 404


def test_rights_are_read_by_administrators_and_auditors(client: Client, cast: Any) -> None:
    assert status(client, cast.ada, "/grants") == 200
    assert status(client, cast.audrey, "/grants") == 200
    assert status(client, cast.sam, "/grants") == 403
    assert status(client, cast.eve, "/grants") == 403
    client.force_login(cast.ada)
    assert "Give" in client.get(f"/people/{cast.tom.pk}").content.decode()
    client.force_login(cast.sam)
    text = client.get(f"/people/{cast.tom.pk}").content.decode()
    assert "What they may do" not in text
    assert "What they may do" in client.get(f"/people/{cast.sam.pk}").content.decode()


def test_the_lists_of_roles(client: Client, cast: Any) -> None:
    client.force_login(cast.ada)
    for kind in ("waiting", "held", "alone", "ended", "nonsense"):
        assert client.get(f"/grants?show={kind}").status_code == 200
    alone = client.get("/grants?show=alone").content.decode()
    assert "The second administrator." in alone and "Amos Admin" in alone


def test_what_is_not_there_is_404(client: Client, cast: Any) -> None:
    client.force_login(cast.ada)
    nowhere = ("/people/999999", "/teams/999999", "/organisations/999999", "/csv/nothing")
    friend = f"/people/{cast.tom.pk}/relations/friend"
    for path in (*nowhere, friend, "/grants/999999/revocation"):
        assert client.get(path).status_code == 404, path


def test_odd_addresses_are_harmless(client: Client, cast: Any) -> None:
    client.force_login(cast.ada)
    for path in ("/people?after=x", "/people?after=9:%00", "/people?team=abc", "/people?q=%00",
                 "/people?team=99999999999999999999", "/grants?before=-1", "/teams?after=1:%C3%A4",
                 "/csv/people/file"):  # fmt: skip
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/people", "/teams", "/organisations", "/grants?show=held"])
def test_as_many_queries_for_many_rows_as_for_few(
    client: Client, cast: Any, django_assert_max_num_queries: Any, path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.ada)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(path)
    for n in range(60):
        one = actions.add_person(name=f"Zed {n}", email=f"zed{n}@x.example", by=cast.operator)
        actions.add_team(name=f"Team {n}", by=cast.operator)
        actions.add_organisation(name=f"Org {n}", code=f"o{n}", kind="customer", by=cast.operator,
                                 parent=cast.finance)  # fmt: skip
        asked = actions.grant_role(one, "agent", by=cast.ada, scope_type="team",
                                   scope_id=cast.service_desk.pk)  # fmt: skip
        actions.approve_grant(asked, by=cast.amos)
    with django_assert_max_num_queries(len(few)):
        client.get(path)


@pytest.mark.parametrize("path", ["/people", "/teams", "/organisations"])
def test_pages_follow_each_other_without_a_gap(client: Client, cast: Any, path: str) -> None:
    import re

    for n in range(70):
        actions.add_person(name=f"Müller {n % 7}", by=cast.operator)
        actions.add_team(name=f"Team {n}", by=cast.operator)
        actions.add_organisation(name="Same", code=f"o{n}", kind="customer", by=cast.operator)
    client.force_login(cast.ada)
    seen: list[str] = []
    here: str | None = path
    while here:
        text = client.get(here).content.decode()
        seen += re.findall(rf'class="subject[^"]*"><div>.*?<a href="{path}/(\d+)"', text)
        found = re.search(r'href="([^"]+)" rel="next"|rel="next"[^>]*href="([^"]+)"', text)
        here = (found[1] or found[2]).replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen)) >= 70


def test_every_grant_shown_is_one_the_reader_may_read(client: Client, cast: Any) -> None:
    client.force_login(cast.audrey)
    text = client.get("/grants?show=held").content.decode()
    for grant in grants_visible_to(cast.audrey).filter(state="granted"):
        assert grant.person.name in text
