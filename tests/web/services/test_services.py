"""Services: who sees which, what stands on the page of one, who changes what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brigade.kernel.services import actions
from brigade.kernel.services.models import Offering, Service
from brigade.kernel.work.opening import open_record

pytestmark = pytest.mark.django_db

NEW = {"name": "Wiki", "code": "wiki", "description": "Finds things.", "kind": "business",
       "state": "live", "criticality": "2"}  # fmt: skip


def shown(client: Client, by: Any, path: str) -> str:
    client.force_login(by)
    return str(client.get(path).content.decode())


def send(client: Client, by: Any, path: str, **fields: Any) -> Any:
    client.force_login(by)
    return client.post(path, fields)


def as_form(one: Service, **changes: Any) -> dict[str, Any]:
    return {
        "version": one.version, "name": one.name, "code": one.code, "kind": one.kind,
        "description": one.description, "state": one.state, "criticality": one.criticality,
        "owner": one.owner_id or "", "team": one.team_id or "",
        "customers": [customer.pk for customer in one.customers.all()], **changes,
    }  # fmt: skip


def test_everybody_sees_the_services_open_to_them(client: Client, cast: Any) -> None:
    for person in (cast.sam, cast.audrey, cast.ada):
        text = shown(client, person, "/services")
        assert "ERP Finance" in text and "Network" in text
    eve = shown(client, cast.eve, "/services")
    assert "ERP Finance" in eve and "POS" not in eve and "New service" not in eve
    assert client.get("/services/pos").status_code == 404
    assert client.get("/services/erp-finance").status_code == 200
    client.force_login(cast.sid)
    assert client.get("/services/erp-finance").status_code == 404
    client.force_login(cast.bert)
    assert client.get("/services/erp-finance").status_code == 404


def test_the_page_tells_what_is_true_now(client: Client, busy: Any) -> None:
    text = shown(client, busy.sam, "/services/erp-finance")
    queue = "/queue?view=open&amp;category=open&amp;service=erp-finance"
    for words in (
        "Lets Finance book", "Olga Owner", "a large part of the business", "ERP Finance Gold",
        "office hours", "Service desk", "Lena Lead", "INC-", "All 6", queue,
    ):  # fmt: skip
        assert words in text, words
    assert "Edit" not in text


def test_an_employee_reads_only_what_is_theirs(client: Client, busy: Any) -> None:
    fields = {"title": "Payroll is late", "service": busy.services["payroll"].pk}
    open_record("incident", by=busy.eve, fields=fields, channel="portal")
    assert "Payroll is late" in shown(client, busy.eve, "/services/payroll")
    assert "Payroll is late" not in shown(client, busy.sid, "/services/payroll")
    text = shown(client, busy.eve, "/services/erp-finance")
    assert "Your open requests" in text and "Gold" not in text and "/queue" not in text


def test_who_looks_after_the_portfolio_adds_services(client: Client, cast: Any) -> None:
    team = cast.service_desk.pk
    more = {"owner_text": "Olga Owner", "customers": [cast.sales.pk], "team": team}
    answer = send(client, cast.paul, "/services/-/new", **NEW, **more)
    assert answer["Location"] == "/services/wiki"
    wiki = Service.objects.get(code="wiki")
    assert (wiki.owner, wiki.criticality, list(wiki.customers.all())) == (
        cast.olga, 2, [cast.sales],
    )  # fmt: skip
    for person in (cast.ada, cast.sam, cast.olga, cast.eve):
        assert send(client, person, "/services/-/new", **NEW).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": "No Slug"}, "code"),
        ({"code": "payroll"}, "code"),
        ({"criticality": "9"}, "criticality"),
        ({"owner_text": "Nobody at all"}, "owner"),
        ({"team": "999999"}, "team"),
        ({"state": "gone"}, "state"),
    ],
)
def test_mistakes_stand_at_their_field(
    client: Client, cast: Any, change: dict[str, str], field: str
) -> None:
    answer = send(client, cast.paul, "/services/-/new", **NEW | change)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in text and "<title>Error:" in text


def test_an_owner_changes_their_service_but_not_what_it_weighs(client: Client, cast: Any) -> None:
    path = "/services/erp-finance/change"
    form = shown(client, cast.olga, path)
    assert 'name="criticality"' not in form and 'name="owner"' not in form
    sent = as_form(cast.erp, name="ERP", criticality=1, owner=cast.sam.pk)
    assert send(client, cast.olga, path, **sent).status_code == 302
    erp = Service.objects.get(pk=cast.erp.pk)
    assert (erp.name, erp.criticality, erp.owner) == ("ERP", 4, cast.olga)
    client.force_login(cast.olga)
    assert client.get("/services/payroll/change").status_code == 403


def test_a_change_that_crosses_another_shows_both(client: Client, cast: Any) -> None:
    path, seen = "/services/erp-finance/change", cast.erp
    actions.change_service(cast.erp, by=cast.olga, name="ERP by Olga")
    answer = send(client, cast.paul, path, **as_form(seen, name="ERP by Paul"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "ERP by Olga" in text and "ERP by Paul" in text and "Take theirs" in text
    fresh = Service.objects.get(pk=seen.pk)
    assert fresh.name == "ERP by Olga"
    mine = as_form(fresh, name="ERP by Paul")
    assert send(client, cast.paul, path, **mine).status_code == 302
    assert Service.objects.get(pk=seen.pk).name == "ERP by Paul"
    assert send(client, cast.paul, path, **mine | {"version": ""}).status_code == 409


def test_offerings_are_added_and_changed(client: Client, cast: Any) -> None:
    new = {"name": "Silver", "code": "silver", "level": "silver", "state": "published"}
    path = "/services/erp-finance/offerings"
    assert send(client, cast.olga, f"{path}/-/new", **new).status_code == 302
    assert send(client, cast.olga, f"{path}/-/new", **new).status_code == 422
    assert send(client, cast.sam, f"{path}/-/new", **new).status_code == 403
    changed = new | {"name": "Sterling", "version": "1"}
    assert send(client, cast.olga, f"{path}/silver", **changed).status_code == 302
    again = send(client, cast.olga, f"{path}/silver", **changed | {"name": "Tin"})
    assert again.status_code == 409 and "Sterling" in again.content.decode()
    assert Offering.objects.get(code="silver").name == "Sterling"
    assert send(client, cast.olga, f"{path}/none", **changed).status_code == 404
    assert send(client, cast.eve, f"{path}/gold", **changed).status_code == 404, "a draft"


@pytest.mark.parametrize("path", ["/services", "/services/erp-finance"])
def test_as_many_queries_for_many_rows_as_for_few(
    client: Client, busy: Any, django_assert_max_num_queries: Any, path: str
) -> None:
    shown(client, busy.sam, path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for n in range(60):
        actions.add_service(code=f"s-{n}", name=f"A {n}", by=busy.operator, state="live",
                            owner=busy.olga, team=busy.service_desk,
                            customers=[busy.finance])  # fmt: skip
        actions.add_offering(busy.erp, code=f"o-{n}", name=f"O {n}", by=busy.operator)
        fields = {"title": f"More {n}", "service": busy.erp.pk}
        open_record("incident", by=busy.eve, fields=fields, channel="portal")
    with django_assert_max_num_queries(len(few)):
        client.get(path)
