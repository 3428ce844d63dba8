"""Who works at Meridian, who is served, and who can do what."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from brigade.integrations.meridian.texts import words

CUSTOMERS = {"finance": ("Finance", 200), "sales": ("Sales", 600), "warehouse": ("Warehouse", 140)}
"""Code: name and number of people."""
PROVIDERS = {
    "meridian": ("Meridian IT", "internal_provider"),
    "alpha": ("Alpha Hosting", "vendor"),
    "beta": ("Beta Networks", "vendor"),
    "gamma": ("Gamma Software", "vendor"),
    "delta": ("Delta Cloud", "vendor"),
}
TEAMS = {
    "desk": ("Service desk", 9),
    "applications": ("Application support", 7),
    "network": ("Network operations", 4),
    "platform": ("Hosting and database", 4),
}
"""Key: name and number of agents; the first of each leads it."""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service of Meridian: who uses and runs it, and its share of the work."""

    name: str
    kind: str
    criticality: int
    team: str
    customers: tuple[str, ...]
    share: float
    urgent: float
    minutes: float
    description: str


SERVICES = {
    code: ServicePlan(**{**plan, "customers": tuple(plan["customers"])})
    for code, plan in words()["services"].items()
}
"""`share` of all work, probability of `urgent`, median `minutes` of hands-on work."""


def names(random: Random, count: int) -> list[str]:
    """Return `count` different full names, seeded."""
    pairs = [
        f"{first} {last}" for first in words()["first_names"] for last in words()["last_names"]
    ]
    return random.sample(pairs, count)
