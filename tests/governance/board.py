"""Meridian with a portfolio board: five seats, office days, rights on investments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from brigade.governance.decision_rights.actions import add_right
from brigade.governance.decision_rights.models import DecisionRight
from brigade.kernel.calendars.actions import add_calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.instants import at_instant
from brigade.kernel.parties.actions import add_relation, add_team, operator
from brigade.kernel.parties.models import Person, Team
from brigade.kernel.recipes.actions import adopt
from tests.cast import Cast, meridian

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SEATS = ("lena", "olga", "chris", "vera", "fred")
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")


@dataclass(frozen=True)
class Board:
    """The cast, its portfolio board, and the rights on either side of 50,000."""

    cast: Cast
    team: Team
    calendar: Calendar
    small: DecisionRight
    large: DecisionRight

    @property
    def seats(self) -> list[Person]:
        return [getattr(self.cast, name) for name in SEATS]


def portfolio_board() -> Board:
    """Build it: up to 50,000 EUR the portfolio manager decides, from there on the board."""
    with at_instant(NEW_YEAR):
        cast = meridian()
        root = operator("Brigade")
        for key in ("decision", "improvement"):
            adopt(key, by=root, owner=cast.paul, rationale="Decisions take too long.")
        team = add_team(name="Portfolio board", by=root)
        for name in SEATS:
            add_relation("member_of", getattr(cast, name), team=team, by=root)
        days = add_calendar(
            key="board", name="Board days", hours=from_content("UTC", {"weekly": WEEK}), by=root
        )
        small = add_right(
            by=cast.petra, topic="investment", currency="EUR", amount_to=50_000_00,
            role="portfolio_manager", seats=1, quorum=1, majority="single", deadline_wd=10,
            calendar=days, voting="electronic",
        )  # fmt: skip
        large = add_right(
            by=cast.petra, topic="investment", currency="EUR", amount_from=50_000_00, body=team,
            seats=5, quorum=3, deadline_wd=10, calendar=days, escalate_to=cast.petra,
        )  # fmt: skip
    return Board(cast, team, days, small, large)
