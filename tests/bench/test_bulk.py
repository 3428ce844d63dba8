"""The bulk of the bench is true: chained, found by its words, seen by whoever may see it."""

from __future__ import annotations

import pytest
from django.db import connection

from bench import bulk
from bench.company import Company
from brigade.integrations.meridian.staffing import SERVICES, TEAMS
from brigade.kernel import instants
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.audit import verify
from brigade.kernel.records.lists import OPEN, counts
from brigade.kernel.records.models import Record
from brigade.kernel.records.search import search
from brigade.kernel.records.writes import number_sequence
from brigade.kernel.work.moving import move
from tests.cast import Cast

COUNT = 60


@pytest.fixture
def filled(cast: Cast) -> Company:
    adopt_provisionally(by=cast.operator)
    desk, agents = cast.service_desk.pk, [cast.sam.pk, cast.nora.pk]
    company = Company(
        agent=cast.lena.pk,
        token="",
        session="",
        recipe_version=version_for("incident"),
        teams=dict.fromkeys(TEAMS, desk),
        agents=dict.fromkeys(TEAMS, agents),
        requesters=[(cast.eve.pk, cast.finance.pk), (cast.sid.pk, cast.sales.pk)],
        services={
            code: (service.pk, "") for code, service in cast.services.items() if code in SERVICES
        },
    )
    number_sequence("incident")
    connection.cursor().execute("set constraints all immediate")
    bulk.pour(connection.connection, company, COUNT, instants.now())
    return company


def test_bulk_is_chained_found_and_scoped(filled: Company, cast: Cast) -> None:
    assert Record.objects.count() == COUNT
    assert verify().holds
    (rare,) = search(cast.lena, bulk.RARE)
    assert rare.pk == 7
    assert len(search(cast.lena, bulk.OLD)) == COUNT // bulk.OLD_PART
    assert counts(cast.lena, {"open": OPEN}) == {
        "open": Record.objects.filter(state__in=("new", "active", "waiting")).count()
    }
    assert counts(cast.eve, {"mine": OPEN})["mine"] < COUNT


def test_the_pool_goes_on_as_the_product_would(filled: Company, cast: Cast) -> None:
    record = Record.objects.get(pk=bulk.POOL_STEP)
    assert (record.state, record.version) == ("active", bulk.POOL_VERSION)
    move(record, "wait", by=cast.lena, fields={"waiting_reason": "requester"}, body="Since when?")
    assert verify().holds
