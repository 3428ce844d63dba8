"""Services and offerings: who may change them, and who sees which."""

from __future__ import annotations

import pytest

from brigade.kernel.parties import actions as parties
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Invalid, NotPermitted, Stale
from brigade.kernel.services import actions, queries
from brigade.kernel.services.csv_services import (
    export_offerings,
    export_services,
    import_offerings,
    import_services,
)
from brigade.kernel.services.models import Service
from tests.cast import Cast, give


def codes(services: object) -> set[str]:
    return {service.code for service in services}  # type: ignore[attr-defined]


def test_the_portfolio_manager_adds_and_the_owner_changes(cast: Cast) -> None:
    made = actions.add_service(code="Print", name="Printing", by=cast.paul)
    assert (made.code, made.state, made.criticality) == ("print", "proposed", 3)
    changed = actions.change_service(cast.erp, by=cast.olga, description="Books.", version=1)
    assert (changed.description, changed.version) == ("Books.", 2)
    with pytest.raises(NotPermitted):
        actions.change_service(made, by=cast.olga, description="Not hers.")


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "ada", "audrey", "carl", "bert", "petra"])
def test_nobody_else_changes_services(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    with pytest.raises(NotPermitted):
        actions.add_service(code="x", name="X", by=by)
    with pytest.raises(NotPermitted):
        actions.change_service(cast.erp, by=by, name="X")
    with pytest.raises(NotPermitted):
        actions.add_offering(cast.erp, by=by, code="x", name="X")
    with pytest.raises(NotPermitted):
        actions.change_offering(cast.erp_gold, by=by, name="X")
    with pytest.raises(NotPermitted):
        import_services(b"code,name\nx,X\n", by=by)


def test_an_owner_neither_hands_over_nor_raises_the_importance(cast: Cast) -> None:
    for facts in ({"owner": cast.sam}, {"criticality": 5}, {"code": "other"}):
        with pytest.raises(NotPermitted):
            actions.change_service(cast.erp, by=cast.olga, **facts)  # type: ignore[arg-type]


def test_being_named_owner_without_the_role_is_not_enough(cast: Cast) -> None:
    payroll = actions.change_service(cast.services["payroll"], by=cast.paul, owner=cast.petra)
    with pytest.raises(NotPermitted):
        actions.change_service(payroll, by=cast.petra, description="x")
    give(cast.petra, "service_owner", cast.ada, cast.amos, scope_type="service",
         scope_id=payroll.pk)  # fmt: skip
    assert actions.change_service(payroll, by=cast.petra, description="x").version == 3


def test_old_and_new_references_are_checked(cast: Cast) -> None:
    gone = parties.disable_person(cast.sid, by=cast.ada)
    closed = parties.change_team(cast.network_operations, by=cast.ada, is_active=False)
    for facts, field in (
        ({"owner": gone}, "owner"),
        ({"owner": Person.objects.get(is_system=True, name="Console")}, "owner"),
        ({"team": closed}, "team"),
        ({"customers": [cast.beta]}, "customers"),
    ):
        with pytest.raises(Invalid) as no:
            actions.change_service(cast.erp, by=cast.paul, **facts)  # type: ignore[arg-type]
        assert no.value.field == field
    network = Service.objects.get(code="network")
    kept = actions.change_service(network, by=cast.paul, team=closed, name="Networks")
    assert kept.team == closed, "what is there already may stay"


def test_a_second_editor_is_told(cast: Cast) -> None:
    actions.change_service(cast.erp, by=cast.paul, name="ERP", version=1)
    with pytest.raises(Stale):
        actions.change_service(cast.erp, by=cast.olga, description="x", version=1)
    actions.change_offering(cast.erp_gold, by=cast.olga, level="Gold", version=1)
    with pytest.raises(Stale):
        actions.change_offering(cast.erp_gold, by=cast.olga, level="x", version=1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "a b"}, "code"), ({"code": ""}, "code"), ({"code": "-a"}, "code"),
        ({"code": "payroll"}, "code"), ({"name": " "}, "name"), ({"kind": "magic"}, "kind"),
        ({"state": "sleeping"}, "state"), ({"criticality": 0}, "criticality"),
        ({"criticality": 6}, "criticality"),
    ],
)  # fmt: skip
def test_what_a_service_cannot_be(cast: Cast, facts: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as no:
        actions.change_service(cast.erp, by=cast.paul, **facts)  # type: ignore[arg-type]
    assert no.value.field == field


def test_who_sees_which_services(cast: Cast) -> None:
    everything = codes(Service.objects.all())
    for who in ("sam", "lena", "ada", "audrey", "olga", "paul"):
        assert codes(queries.services_visible_to(getattr(cast, who))) == everything
    finance = {"erp-finance", "payroll", "collaboration", "service-desk"}
    assert codes(queries.services_visible_to(cast.eve)) == finance
    assert codes(queries.services_visible_to(cast.sid)) == {
        "pos", "payroll", "collaboration", "service-desk"
    }  # fmt: skip
    assert codes(queries.services_visible_to(cast.carl)) == finance
    assert codes(queries.services_visible_to(cast.bert)) == set()
    nobody = parties.add_person(name="Without organisation", by=cast.ada)
    assert codes(queries.services_visible_to(nobody)) == set(), "empty means nobody"


def test_a_requester_sees_neither_proposals_nor_what_is_retired(cast: Cast) -> None:
    actions.change_service(cast.erp, by=cast.olga, state="retired")
    assert "erp-finance" not in codes(queries.services_visible_to(cast.eve))
    assert "erp-finance" in codes(queries.services_visible_to(cast.carl))
    assert not queries.service_in_use(cast.erp.pk)


def test_part_of_a_customer_uses_what_the_customer_uses(cast: Cast) -> None:
    part = parties.add_organisation(
        name="Ledger", code="ledger", kind="customer", parent=cast.finance, by=cast.ada
    )
    ann = parties.add_person(name="Ann", organisation=part, by=cast.ada)
    assert "erp-finance" in codes(queries.services_visible_to(ann))
    assert queries.customer_may_use(cast.erp, part.pk)
    assert not queries.customer_may_use(cast.erp, cast.sales.pk)


def test_drafts_of_offerings_are_for_the_provider(cast: Cast) -> None:
    assert cast.erp_gold in queries.offerings_visible_to(cast.sam)
    assert not queries.offerings_visible_to(cast.eve)
    actions.change_offering(cast.erp_gold, by=cast.olga, state="published")
    assert cast.erp_gold in queries.offerings_visible_to(cast.eve)
    assert not queries.offerings_visible_to(cast.sid)


def test_pages_of_services_meet(cast: Cast) -> None:
    pages, after = [], None
    while page := queries.services_page(cast.sam, limit=3, after=after):
        pages += page
        after = (page[-1].name, page[-1].pk)
    assert pages == queries.services_page(cast.sam) and len(pages) == 8
    assert codes(queries.services_page(cast.sam, text="erp")) == {"erp-finance"}
    assert queries.services_page(cast.eve, text="pos") == []


def test_changes_are_in_the_journal(cast: Cast) -> None:
    actions.change_service(cast.erp, by=cast.paul, customers=[cast.finance, cast.sales])
    entries = JournalEntry.objects.filter(actor=cast.paul).order_by("id")
    assert [entry.subject_type for entry in entries] == ["service", "service_customer"]


SERVICES = """code;name;criticality;owner;team;customers;state
erp-finance;ERP Finance;4;olga@meridian.example;service desk;finance;
print;Printing;2;;;finance | SALES;
"""


def test_services_come_in_from_csv(cast: Cast) -> None:
    report = import_services(SERVICES.encode(), by=cast.paul)
    assert (report.created, report.unchanged, report.errors) == (1, 1, [])
    made = Service.objects.get(code="print")
    assert made.state == "live" and codes(made.customers.all()) == {"finance", "sales"}
    assert import_services(SERVICES.encode(), by=cast.paul).unchanged == 2
    bad = b"code,name,criticality,owner,team,customers,kind\n" + b"".join(
        line + b"\n"
        for line in (b"a,A,nine,,,,", b"b,B,,x@x.example,,,", b"c,C,,,Nowhere,,",
                     b"d,D,,,,nobody,", b"e,E,,,,,magic", b"F F,F,,,,,")
    )  # fmt: skip
    errors = import_services(bad, by=cast.paul).errors
    assert [error.column for error in errors] == [
        "criticality", "owner", "team", "customers", "kind", "code"
    ]  # fmt: skip
    assert not Service.objects.filter(code="a").exists()


def test_what_goes_out_comes_in_unchanged(cast: Cast) -> None:
    report = import_services(export_services(by=cast.paul).encode(), by=cast.paul)
    assert (report.unchanged, report.errors) == (8, [])
    offered = import_offerings(export_offerings(by=cast.paul).encode(), by=cast.paul)
    assert (offered.unchanged, offered.errors) == (1, [])
    more = import_offerings(b"service,code,name\npos,basic,POS Basic\n", by=cast.paul)
    assert (more.created, more.errors) == (1, [])
    lost = import_offerings(b"service,code,name\nnone,basic,X\n", by=cast.paul)
    assert lost.errors[0].column == "service"
