"""The language of a practice's `measures.yaml`: pure, and closed in every word.

A measure divides one amount by another, or takes a percentile, over rows of
records or clocks that belong to a period. Conditions are lists of field,
operator and value; what a field means is said once, in `vocabulary`. States are
never named, only what every state maps to, so that tailoring breaks no figure.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Spec

from brigade.kernel.measures.vocabulary import (
    AMOUNTS,
    FIELDS,
    INSTANTS,
    NEEDS,
    OPERATORS,
    WHOLE,
)

Key = Annotated[str, StringConstraints(pattern=r"^K[0-9]{2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Settle = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}(wd|d)$")]
Source = Literal["record", "clock"]
Unit = Literal["percent", "seconds", "days", "times"]
Dimension = Literal["service", "customer", "team", "provider"]


class Model(BaseModel):
    """Every element: unknown keys refused, nothing coerced, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Part(Model):
    """An amount: rows counted, a field of them summed, or a percentile of it.

    Exactly one of `count`, `sum`, `median` and `percentile`; the last says `at`
    which percentage. `of` a sum or percentile is written `clock.consumed`.
    """

    count: Source | None = None
    sum: str | None = None
    median: str | None = None
    percentile: str | None = None
    at: Annotated[int, Spec(ge=1, le=99)] | None = None
    where: Annotated[list[list[Any]], Spec(max_length=12)] = []

    @model_validator(mode="after")
    def _says_one_thing(self) -> Part:
        given = [one for one in (self.count, self.sum, self.median, self.percentile) if one]
        if len(given) != 1:
            raise ValueError("say one of count, sum, median or percentile")
        if (self.percentile is None) != (self.at is None):
            raise ValueError("a percentile, and nothing else, says `at` which percentage")
        if self.amount is not None and self.amount not in AMOUNTS.get(self.source, ()):
            known = ", ".join(f"{source}.{name}" for source in AMOUNTS for name in AMOUNTS[source])
            raise ValueError(f"{given[0]!r} is none of {known}")
        for condition in self.where:
            _check(self.source, condition)
        return self

    @property
    def source(self) -> str:
        """What is counted: records or clocks."""
        return (self.count or self.sum or self.median or self.percentile or "").partition(".")[0]

    @property
    def amount(self) -> str | None:
        """The field that is summed or ranked; None where rows are counted."""
        if self.count:
            return None
        return (self.sum or self.median or self.percentile or "").partition(".")[2]

    @property
    def rank(self) -> int | None:
        """The percentage of a percentile; None for a count or a sum."""
        return 50 if self.median else self.at


class Formula(Model):
    """Numerator, denominator, and to which period a row belongs.

    Without a denominator the numerator is a percentile, and stands for itself.
    `period_on` is an instant of the row, `earliest:stopped,due`, or `end` for what
    holds at the end of the period. A period is `settle`d that long after its end.
    """

    num: Part
    den: Part | None = None
    period_on: str
    settle: Settle | None = None
    dims: Annotated[list[Dimension], Spec(min_length=1)] = list(get_args(Dimension))

    @model_validator(mode="after")
    def _fits_together(self) -> Formula:
        if (self.den is None) != (self.num.rank is not None):
            raise ValueError("a count or a sum is divided by `den`; a percentile stands alone")
        if self.den is not None and self.den.count is None:
            raise ValueError("`den` is a count: n is what it counted")
        if self.den is not None and self.den.source != self.num.source:
            raise ValueError("num and den are amounts of the same rows")
        for part in self.parts:
            known = INSTANTS[part.source]
            if self.period_on not in known:
                raise ValueError(f"period_on of a {part.source} is one of {', '.join(known)}")
            for word in (part.amount, *(condition[0] for condition in part.where)):
                if NEEDS.get(word or "", self.period_on) != self.period_on:
                    raise ValueError(f"{word} takes period_on: {NEEDS[word or '']}")
        return self

    @property
    def parts(self) -> list[Part]:
        """Its numerator and, where it has one, its denominator."""
        return [self.num, *([self.den] if self.den else [])]


class Measure(Model):
    """A figure of a practice: its name, what exactly it says, and how that is computed.

    `definition`, `numerator` and `denominator` say it in words. `version` grows
    whenever the definition says something else. `beside` are percentiles shown
    with it: of what the numerator sums, or, where it counts, of an amount of the
    rows counted. `where` holds for every part. Fewer than `min_n` rows are too few
    to say anything.
    """

    title: Title
    version: Annotated[int, Spec(ge=1)] = 1
    direction: Literal["up", "down"]
    unit: Unit
    definition: Sentence
    numerator: Title
    denominator: Title | None = None
    min_n: Annotated[int, Spec(ge=1, le=1000)] = 10
    where: Annotated[list[list[Any]], Spec(max_length=12)] = []
    formula: Formula
    beside: dict[Annotated[str, StringConstraints(pattern=r"^p[1-9][0-9]$")], Part] = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Measure:
        if (self.denominator is None) != (self.formula.den is None):
            raise ValueError("say in words what each of num and den is")
        for condition in self.where:
            _check(self.formula.num.source, condition)
        for name, part in self.beside.items():
            if part.rank != int(name[1:]):
                raise ValueError(f"{name} is a percentile at {name[1:]}")
            num = self.formula.num
            if (part.source, part.where) != (num.source, []) or (
                num.amount not in (None, part.amount)
            ):
                raise ValueError(f"{name} ranks what the numerator sums, and all of it")
        return self


class Measures(Model):
    """The file: whose figures these are, and over which kind of record."""

    practice: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    kind: Name
    measures: Annotated[dict[Key, Measure], Spec(min_length=1, max_length=40)]


def _check(source: str, condition: list[Any]) -> None:
    """Refuse a condition outside the vocabulary, in the words of its author."""
    if len(condition) != 3:
        raise ValueError("a condition is [field, operator, value]")
    name, operator, value = condition
    known = FIELDS[source]
    if name not in known:
        raise ValueError(f"a {source} has no {name!r}; there are {', '.join(known)}")
    if operator not in OPERATORS:
        raise ValueError(f"{operator!r} is none of {', '.join(OPERATORS)}")
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) != (operator in WHOLE) or not values:
        raise ValueError(f"{operator} takes {'a list' if operator in WHOLE else 'one value'}")
    wanted = known[name].type
    for one in values:
        if not isinstance(one, wanted) or (wanted is int and isinstance(one, bool)):
            raise ValueError(f"{name} is compared with a {wanted.__name__}, not {one!r}")
        if known[name].among and one not in known[name].among:
            raise ValueError(f"{name} is one of {', '.join(known[name].among)}")
