"""Open time against cases with known answers, one test for each.

BRIGADE_CASES names another file of the same shape. The public data set runs too
where BRIGADE_TEST_DATA names its folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kernel.calendars import cases

OWN = Path(__file__).parent / "data/business_time_cases.csv"
PUBLIC = "business_time_cases.csv"


def asked() -> list[cases.Case]:
    """The cases of this run."""
    folder, named = os.environ.get("BRIGADE_TEST_DATA"), os.environ.get("BRIGADE_CASES")
    files = [Path(named)] if named else [OWN, *([Path(folder) / PUBLIC] if folder else [])]
    return [case for file in files for case in cases.read(file)]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["case_id"]) for case in asked()])
def test_business_time(case: cases.Case) -> None:
    assert cases.answer(case) in cases.accepted(case)
