"""Closing a month: when it may be, that it stays, and how it is put right."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from brigade.kernel.instants import at_instant
from brigade.kernel.measures import tables
from brigade.kernel.measures.actions import freeze_period, freeze_settled, restate_value
from brigade.kernel.measures.figures import (
    altogether,
    cut,
    figures,
    measure_shown,
    measures_shown,
    period_asked,
)
from brigade.kernel.measures.listing import records_behind
from brigade.kernel.measures.models import MeasureValue
from brigade.kernel.parties.actions import change_installation
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused
from tests.cast import Cast
from tests.kernel.measures.test_values import on, resolved

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 20, 9, tzinfo=UTC)
MAY = datetime(2026, 5, 20, 9, tzinfo=UTC)


@pytest.fixture
def march(timed: Cast) -> Cast:
    """Twelve incidents restored in March, nine within their target."""
    change_installation(by=timed.ada, timezone="Europe/London")
    for number in range(12):
        resolved(timed, on(3, 2), on(3, 2, 17) if number < 9 else on(3, 5))
    return timed


def test_what_has_settled_is_closed_and_the_rest_when_it_has(march: Cast) -> None:
    with at_instant(datetime(2026, 4, 7, 22, 59, tzinfo=UTC)), pytest.raises(Refused) as no:
        freeze_period("incident", "2026-03", by=march.petra)
    assert no.value.code == "not_settled" and "2026-04-08" in no.value.message
    with at_instant(datetime(2026, 4, 7, 23, 0, tzinfo=UTC)):
        closed = freeze_period("incident", "2026-03", by=march.petra)
    assert "K01" in closed and "K05" not in closed, "reopening is final after 30 days"
    with at_instant(MAY):
        assert freeze_period("incident", "2026-03", by=march.petra) == ["K05"]
        with pytest.raises(Refused, match="frozen already"):
            freeze_period("incident", "2026-03", by=march.petra)


def test_a_frozen_value_never_moves_and_says_what_the_rows_say_now(march: Cast) -> None:
    with at_instant(APRIL):
        freeze_period("incident", "2026-03", by=march.petra)
        resolved(march, on(3, 9), on(3, 12))
        [shown] = figures(march.sam, measure_shown("K01"), [period_asked("2026-03")])
    assert (shown.state, shown.value, shown.counted.n) == ("frozen", 75.0, 12)
    assert shown.recomputed is not None and shown.recomputed.n == 13
    assert shown.query_hash == MeasureValue.objects.get(key="K01").measure.query_hash
    [part] = cut(march.sam, measure_shown("K01"), shown, "service")
    assert (part.name, part.counted.num, part.counted.den) == ("ERP Finance", 9, 12)
    value = MeasureValue.objects.get(key="K01")
    with pytest.raises(DatabaseError), transaction.atomic():
        MeasureValue.objects.filter(pk=value.pk).update(num=12)


def test_it_is_restated_with_a_reason_and_the_old_value_stays(march: Cast) -> None:
    with at_instant(APRIL):
        with pytest.raises(Refused, match="not frozen"):
            restate_value("K01", "2026-03", reason="Wrong", by=march.petra)
        freeze_period("incident", "2026-03", by=march.petra)
        resolved(march, on(3, 9), on(3, 12))
        with pytest.raises(Invalid):
            restate_value("K01", "2026-03", reason=" ", by=march.petra)
        restate_value("K01", "2026-03", reason="One was logged late.", by=march.petra)
        [shown] = figures(march.sam, measure_shown("K01"), [period_asked("2026-03")])
    assert (shown.state, shown.counted.n, shown.recomputed) == ("restated", 13, None)
    rows = MeasureValue.objects.filter(key="K01").order_by("number")
    assert [(row.number, row.n, row.reason) for row in rows] == [
        (1, 12, ""), (2, 13, "One was logged late."),
    ]  # fmt: skip
    said = JournalEntry.objects.filter(subject_type="measure_value", subject_id=rows[1].pk)
    assert said.get().actor_id == march.petra.pk


@pytest.mark.parametrize("who", ["sam", "lena", "audrey", "ada"])
def test_only_the_process_owner_closes(march: Cast, who: str) -> None:
    with at_instant(APRIL), pytest.raises(NotPermitted):
        freeze_period("incident", "2026-03", by=getattr(march, who))


@pytest.mark.parametrize("period", ["", "2026-Q1", "2026-13", "2031-01", "x"])
def test_only_months_that_have_begun_are_closed(march: Cast, period: str) -> None:
    with at_instant(APRIL), pytest.raises(Invalid):
        freeze_period("incident", period, by=march.petra)


def test_whoever_sees_a_part_sees_no_frozen_whole(march: Cast) -> None:
    with at_instant(APRIL):
        freeze_period("incident", "2026-03", by=march.petra)
        [shown] = figures(march.olga, measure_shown("K01"), [period_asked("2026-03")])
    assert shown.stored is None and shown.state == "settled"


def test_too_few_rows_say_nothing(march: Cast) -> None:
    with at_instant(APRIL):
        shown = figures(march.sam, measure_shown("K03"), period_asked("2026-03").leading(2))
        whole = altogether(march.sam, measure_shown("K03"), shown)
    assert (shown[0].value, shown[0].counted.n) == (None, 0)
    assert shown[1].value == (9 * 8 + 3 * 30) * 3600 / 12 == whole.value
    assert shown[1].beside("p50") == 8 * 3600


def test_a_facet_that_is_not_adopted_measures_nothing(march: Cast) -> None:
    assert "K01" in [one.key for one in measures_shown()]
    with pytest.raises(Hidden):
        measure_shown("K99")


def test_tables_hold_no_formula(march: Cast) -> None:
    with at_instant(APRIL):
        shown = figures(march.sam, measure_shown("K01"), [period_asked("2026-03")])
        [line] = tables.lines(shown)
    line[8] = "=1+1"
    assert ",'=1+1," in tables.as_csv([line])
    with zipfile.ZipFile(io.BytesIO(tables.as_xlsx([line]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<v>75</v>" in sheet
        assert "=1+1" in book.read("xl/sharedStrings.xml").decode()


def test_what_nobody_froze_is_frozen_in_the_night_after_its_review(march: Cast) -> None:
    with at_instant(datetime(2026, 4, 7, 22, 59, tzinfo=UTC)):
        assert freeze_settled() == []
    with at_instant(APRIL):
        done = freeze_settled()
        assert "K01 2026-03" in done and "K05 2026-03" not in done
        [shown] = figures(march.petra, measure_shown("K01"), [period_asked("2026-03")])
        assert (shown.state, shown.stored and shown.stored.made_by.name) == ("frozen", "Brigade")
        assert freeze_settled() == []
        restate_value("K01", "2026-03", reason="Two came late.", by=march.petra)
        assert freeze_settled() == []


def test_finance_reads_every_figure_and_no_record_behind_it(march: Cast) -> None:
    with at_instant(APRIL):
        measure, periods = measure_shown("K01"), [period_asked("2026-03")]
        [theirs], [everything] = (figures(who, measure, periods) for who in (march.fred, None))
        assert theirs.counted == everything.counted and theirs.counted.n == 12
        assert cut(march.fred, measure, theirs, "team") == cut(None, measure, everything, "team")
        assert altogether(march.fred, measure, [theirs]).counted.n == 12
        assert records_behind(march.fred, measure, periods[0], "den").items == []
