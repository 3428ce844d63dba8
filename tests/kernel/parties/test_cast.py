"""Meridian as every test finds it."""

import time

from brigade.kernel.parties import queries
from brigade.kernel.parties.roles import ROLES
from tests.cast import Cast


def test_one_person_holds_each_role(cast: Cast) -> None:
    assert set(cast.by_role) == set(ROLES)
    for role, person in cast.by_role.items():
        held = {grant.role for grant in queries.grants_of(person)}
        assert held == ({role} if role != "requester" else set())
        assert queries.holds(person, role)


def test_it_is_cheap(db: None) -> None:
    from tests.cast import meridian

    start = time.perf_counter()
    meridian()
    print("meridian", time.perf_counter() - start)
