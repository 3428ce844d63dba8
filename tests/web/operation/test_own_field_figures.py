"""Figures are broken down by the fields an organisation added, as far as one may know them."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brigade.kernel.instants import at_instant
from brigade.kernel.measures.actions import freeze_period
from brigade.kernel.measures.dimensions import own_dimensions
from brigade.kernel.measures.figures import measure_shown, parts_now, period_asked
from brigade.kernel.records.models import Record
from brigade.kernel.work.changing import set_fields
from tests.api.conftest import Program
from tests.cast import Cast
from tests.web.work.shops import shops
from tests.web.work.test_custom_fields import opened, text

__all__ = ["shops"]
pytestmark = pytest.mark.django_db
FIGURE = "/figures/measures/K06"
MARCH = datetime(2030, 3, 31, 12, tzinfo=UTC)
APRIL = datetime(2030, 4, 20, 9, tzinfo=UTC)


@pytest.fixture
def backlog(shops: Cast) -> Cast:
    """Eleven incidents of the north open at the end of March, and one that names no region."""
    for age in range(1, 13):
        with at_instant(MARCH - timedelta(days=age)):
            opened(shops, **({"region": "north", "insured": age < 3} if age < 12 else {}))
    return shops


def test_a_figure_is_broken_down_by_it_down_to_its_rows(signed_in: Any, backlog: Cast) -> None:
    sam = signed_in(backlog.sam)
    with at_instant(APRIL):
        html = text(sam.get(f"{FIGURE}?period=2030-03&by=field_region"))
        assert "Region" in html and "The north" in html and "None given" in html
        rows = re.findall(r'href="(/figures/measures/K06/rows\?[^"]+)"', html)
        north = next(one for one in rows if "of=north" in one)
        none = next(one for one in rows if one.endswith("of="))
        assert len(re.findall(r'<th scope="row"><a', text(sam.get(north)))) == 11
        assert len(re.findall(r'<th scope="row"><a', text(sam.get(none)))) == 1
        table = text(sam.get(f"{FIGURE}/table.csv?period=2030-03&by=field_region"))
        parts = list(csv.DictReader(io.StringIO(table)))[12:]
        assert [(one["by"], one["of"], one["n"]) for one in parts] == [
            ("field_region", "The north", "11"), ("field_region", "", "1"),
        ]  # fmt: skip
        assert sam.get(f"{FIGURE}/table.xlsx?period=2030-03&by=field_region").status_code == 200


def test_programs_break_it_down_too_and_nobody_learns_more_from_it(backlog: Cast) -> None:
    def parts(person: Any, by: str) -> list[tuple[Any, int]]:
        answer = Program(person).get(f"/measures/K06?period=2030-03&by={by}")
        assert answer.status_code == 200, answer.content
        return [(one["of"], one["n"]) for one in answer.json()["parts"]]

    with at_instant(APRIL):
        assert parts(backlog.sam, "field_region") == [("north", 11), ("", 1)]
        assert parts(backlog.sam, "field_insured") == [("false", 9), ("true", 2), ("", 1)]
        insured = own_dimensions(measure_shown("K06"))["field_insured"]
        assert (insured.field.public, insured.field.type) == (False, "bool")
        month = period_asked("2030-03")
        theirs = parts_now(backlog.eve, measure_shown("K06"), month, "field_insured")
        assert [(of, each.n) for of, _name, each in theirs] == [("", 12)]
        rows = Program(backlog.sam).get(
            "/measures/K06/rows?period=2030-03&by=field_region&of=north"
        )
        assert len(rows.json()["items"]) == 11
        wrong = Program(backlog.sam).get("/measures/K06?by=field_loss")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "no_such_dimension")


def test_a_frozen_month_keeps_its_parts(signed_in: Any, backlog: Cast) -> None:
    with at_instant(APRIL):
        freeze_period("incident", "2030-03", by=backlog.petra)
        record = Record.objects.filter(data__region="north").first()
        assert record is not None
        set_fields(record, {"region": "south"}, by=backlog.sam)
        answer = Program(backlog.sam).get("/measures/K06?period=2030-03&by=field_region")
        parts = [(one["of"], one["name"], one["n"]) for one in answer.json()["parts"]]
        assert parts == [("north", "The north", 11), ("", "", 1)]
