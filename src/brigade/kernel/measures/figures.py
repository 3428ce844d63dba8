"""A figure as it is shown: its value, whether there is enough to say one, and how final it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.measures.access import counts_as, may_read_figures, sees_whole
from brigade.kernel.measures.compile import NONE, compiled
from brigade.kernel.measures.dimensions import Of, known_dimension, names_of
from brigade.kernel.measures.library import installed
from brigade.kernel.measures.periods import Period, period_at, period_named
from brigade.kernel.measures.queries import Counted, counted, stored_values
from brigade.kernel.measures.reading import Definition
from brigade.kernel.measures.settling import FROZEN, PROVISIONAL, RESTATED, SETTLED, settles_at
from brigade.kernel.parties.lookups import installation
from brigade.kernel.recipes.own_fields import PREFIX
from brigade.kernel.recipes.queries import recipe_for
from brigade.kernel.refused import Hidden, Invalid, NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.measures.models import MeasureValue
    from brigade.kernel.parties.models import Person

DAY = 86400


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure for one period, or for one part of it.

    `of` is which part it is where it is cut, 0 or "" for none given. `stored` is what
    stands where the period is closed, and `recomputed` what the rows would give
    now where that is something else.
    """

    definition: Definition
    period: Period
    counted: Counted
    state: str
    of: Of = NONE
    name: str = ""
    stored: MeasureValue | None = None
    recomputed: Counted | None = None

    @property
    def too_few(self) -> bool:
        """Whether there are too few rows to say anything."""
        return self.counted.n < self.definition.measure.min_n

    @property
    def value(self) -> float | None:
        """The value in the measure's unit; None where too few rows would give one."""
        return self.value_of(self.counted)

    def value_of(self, other: Counted) -> float | None:
        """Return what something else that was counted comes to, in the measure's unit."""
        few = other.n < self.definition.measure.min_n
        return None if few else value_of(self.definition, other)

    def beside(self, name: str) -> float | None:
        """Return a percentile shown with it, in its unit."""
        found = self.counted.beside.get(name)
        return None if self.too_few or found is None else float(found)

    @property
    def query_hash(self) -> str:
        """The hash of the query that gave it."""
        return self.stored.measure.query_hash if self.stored else query_hash(self.definition)


def value_of(definition: Definition, counted: Counted) -> float | None:
    """Return numerator over denominator in the measure's unit: percent, seconds, days, times."""
    if counted.num is None or counted.den == 0:
        return None
    plain = counted.num / (counted.den or 1)
    match definition.measure.unit:
        case "percent":
            return plain * 100
        case "days":
            return plain / DAY
        case _:
            return plain


def query_hash(definition: Definition) -> str:
    """Return the hash of a definition and the statement it is compiled to."""
    return compiled(definition).query_hash


def measures_shown(practice: str | None = None) -> list[Definition]:
    """Return the measures of the facets that are adopted, by key; of others nothing is shown."""
    shown: dict[str, tuple[str, ...]] = {}
    for one in installed().values():
        if one.kind not in shown:
            try:
                shown[one.kind] = tuple(recipe_for(one.kind).kpis)
            except Hidden:
                shown[one.kind] = ()
    return [
        one
        for key, one in sorted(installed().items())
        if key in shown[one.kind] and practice in (None, one.practice)
    ]


def measure_shown(key: str) -> Definition:
    """Return one of them; Hidden where there is none or its facet is not adopted."""
    for one in measures_shown():
        if one.key == key:
            return one
    raise Hidden("no_such_measure", _("There is no such figure, or it is not adopted here."))


def reading(person: Person | None) -> None:
    """Refuse whoever may not read figures at all."""
    if person is not None and not may_read_figures(person):
        raise NotPermitted(
            "not_permitted",
            _("Figures are open to those who work on incidents or answer for them."),
        )


def zone() -> str:
    """Return the time zone in which periods are cut: that of the installation."""
    return installation().timezone


def period_asked(key: str) -> Period:
    """Return the period of a name, or for an empty one the present month; Invalid otherwise."""
    now = instants.now()
    found = period_named(key, zone()) if key else period_at(now, zone())
    if found is None or found.start > now:
        raise Invalid(
            "no_such_period",
            _("Name a period that has begun: 2026-03, 2026-Q1, 2026 or 2026-W12."),
            "period",
        )
    return found


def figures(
    person: Person | None, definition: Definition, periods: Sequence[Period]
) -> list[Figure]:
    """Return a measure for contiguous periods, closed ones as they were closed.

    A closed value counts the whole installation, so it is shown to whoever sees
    all of it; others get their own share, counted now.
    """
    now, person = instants.now(), counts_as(person)
    whole = sees_whole(person, definition.kind)
    stored = stored_values(definition.key, [one.key for one in periods]) if whole else {}
    fresh = counted(definition, periods, person=None if stored else person, as_of=now)
    made = [
        _figure(definition, period, fresh[period.key, NONE], stored.get(period.key))
        for period in periods
    ]
    if not stored or person is None or len(stored) == len(periods):
        return made
    mine = counted(definition, periods, person=person, as_of=now)
    return [
        one if one.stored else _figure(definition, one.period, mine[one.period.key, NONE], None)
        for one in made
    ]


def _figure(
    definition: Definition, period: Period, fresh: Counted, stored: MeasureValue | None
) -> Figure:
    if stored is None:
        now = instants.now()
        settled = period.end <= now and settles_at(definition, period) <= now
        return Figure(definition, period, fresh, SETTLED if settled else PROVISIONAL)
    closed = Counted(stored.num, stored.den, stored.n, stored.beside)
    return Figure(
        definition, period, closed, FROZEN if stored.number == 1 else RESTATED,
        stored=stored, recomputed=None if fresh == closed else fresh,
    )  # fmt: skip


def altogether(person: Person | None, definition: Definition, shown: Sequence[Figure]) -> Figure:
    """Return one figure over several periods: sums over sums, percentiles ranked anew."""
    periods = [one.period for one in shown]
    if definition.measure.formula.den is None or definition.measure.beside:
        found = counted(
            definition, periods, person=counts_as(person), as_of=instants.now(), whole=True
        )[periods[-1].key, NONE]  # fmt: skip
    else:
        num = sum(one.counted.num or 0 for one in shown)
        den = sum(one.counted.den or 0 for one in shown)
        found = Counted(num, den, den)
    return Figure(definition, periods[-1], found, shown[-1].state)


def cut(
    person: Person | None, definition: Definition, shown: Figure, dimension: str
) -> list[Figure]:
    """Return a figure's parts by one of its dimensions, most rows first."""
    known_dimension(definition, dimension)
    parts: list[tuple[Of, str, Counted]]
    if shown.stored is not None:
        parts = [
            (of, name, Counted(num, None if shown.counted.den is None else n, n))
            for of, name, num, n in shown.stored.cuts.get(dimension, [])
        ]
        if dimension.startswith(PREFIX):
            names = names_of(definition, dimension, (of for of, _name, _each in parts))
            parts = [(of, names.get(of, name), each) for of, name, each in parts]
    else:
        parts = parts_now(person, definition, shown.period, dimension)
    return [
        Figure(definition, shown.period, each, shown.state, of=of, name=name, stored=shown.stored)
        for of, name, each in parts
    ]


def parts_now(
    person: Person | None, definition: Definition, period: Period, dimension: str
) -> list[tuple[Of, str, Counted]]:
    """Return the parts of a period as the rows give them now: which, name, what was counted."""
    found = counted(
        definition, [period], person=counts_as(person), as_of=instants.now(), cut=dimension
    )  # fmt: skip
    names = names_of(definition, dimension, (of for _period, of in found))
    parts = [(of, names.get(of, ""), each) for (_period, of), each in found.items()]
    return sorted(parts, key=lambda part: (-part[2].n, part[1], str(part[0])))
