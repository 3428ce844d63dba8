"""Bands of amounts: where nobody decides, where two do, and who does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from brigade.governance.decision_rights.rules import Band, check_wording, faults, right_for
from brigade.kernel.refused import Invalid, Refused


def band(key: int, start: int, end: int | None, topic: str = "investment") -> Band:
    return Band(key, topic, "EUR", start, end)


def told(*bands: Band) -> list[tuple[str, int, int | None, tuple[int, ...]]]:
    return [(one.kind, one.start, one.end, one.keys) for one in faults(bands)]


def test_bands_that_meet_are_in_order() -> None:
    assert told(band(2, 50, 250), band(1, 0, 50), band(3, 250, None)) == []


@pytest.mark.parametrize(
    ("bands", "wanted"),
    [
        ([band(1, 50, None)], [("gap", 0, 50, (1,))]),
        ([band(1, 0, 50)], [("gap", 50, None, (1,))]),
        ([band(1, 0, 50), band(2, 60, None)], [("gap", 50, 60, (1, 2))]),
        ([band(1, 0, 50), band(2, 40, None)], [("overlap", 40, 50, (1, 2))]),
        ([band(1, 0, None), band(2, 40, 60)], [("overlap", 40, 60, (1, 2))]),
        ([band(1, 0, None), band(2, 0, None)], [("overlap", 0, None, (1, 2))]),
        (
            [band(1, 0, 90), band(2, 10, 20), band(3, 80, None)],
            [("overlap", 10, 20, (1, 2)), ("overlap", 80, 90, (1, 3))],
        ),
    ],
)
def test_gaps_and_overlaps(bands: list[Band], wanted: list[object]) -> None:
    assert told(*bands) == wanted


def test_topics_and_currencies_are_kept_apart() -> None:
    other = Band(2, "investment", "GBP", 0, None)
    assert told(band(1, 0, None), other, band(3, 0, None, "strategy")) == []


@settings(max_examples=200, deadline=None)
@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9)), min_size=1, max_size=5))
def test_a_fault_is_told_exactly_where_no_right_or_several_hold(
    pairs: list[tuple[int, int]],
) -> None:
    bands = [band(n, a, b if b > a else None) for n, (a, b) in enumerate(pairs)]
    found = faults(bands)
    for amount in range(12):
        claims = [b for b in bands if b.start <= amount and (b.end is None or amount < b.end)]
        here = [f for f in found if f.start <= amount and (f.end is None or amount < f.end)]
        assert bool(here) == (len(claims) != 1)
        if len(claims) == 1:
            assert right_for(bands, "investment", amount, "EUR") == claims[0].key


def test_what_nobody_or_two_decide_is_refused() -> None:
    with pytest.raises(Refused) as nobody:
        right_for([band(1, 0, 50)], "investment", 50, "EUR")
    assert nobody.value.code == "nobody_decides"
    with pytest.raises(Refused) as two:
        right_for([band(1, 0, 50), band(2, 40, None)], "investment", 45, "EUR")
    assert two.value.code == "several_decide"
    without = Band(7, "strategy", "", 0, None)
    assert right_for([without], "strategy", 12, "EUR") == 7


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quorum": 6}, "quorum"), ({"majority": "most"}, "majority"),
        ({"majority": "single"}, "quorum"), ({"default": "sleep"}, "default_if_silent"),
        ({"voting": "shout"}, "voting"), ({"deadline": 0}, "deadline_wd"),
        ({"silent": 251}, "silent_wd"),
    ],
)  # fmt: skip
def test_a_right_can_be_exercised(change: dict[str, object], field: str) -> None:
    sound = {"seats": 5, "quorum": 3, "majority": "simple", "default": "escalate",
             "voting": "meeting", "deadline": 10, "silent": 5}  # fmt: skip
    check_wording(**sound)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as no:
        check_wording(**{**sound, **change})  # type: ignore[arg-type]
    assert no.value.field == field
