"""The parts of the recipe language that react: effects, clocks, timers, approvals."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Spec

from brigade.kernel.recipes.lexis import (
    CelText,
    Duration,
    Key,
    Label,
    Model,
    Names,
    Offset,
    Percent,
    RecipeKey,
    Reference,
    Roles,
    some,
)

EVENTS = (
    "assign_team",
    "assign_person",
    "public_reply",
    "requester_reply",
    "hand_off",
    "hand_back",
)
"""What may start and stop things, beside a transition's name and `enter: STATE`."""

Plain = bool | int | float | str
CalendarName = Literal["service", "support", "target", "always", "board"]
TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https://\S{1,300}$")]


class TaskEffect(Model):
    """A task opened by an effect."""

    kind: Literal["todo", "checklist", "handoff", "test", "deployment"] = "todo"
    title: Label | None = None
    to: Reference | Key | None = None


class NewRecord(Model):
    """A record opened by an effect."""

    kind: RecipeKey
    as_: Key | None = Spec(default=None, alias="as")


class Effect(Model):
    """One thing that happens beside a move; the list of what may happen is closed."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    set: dict[Key, Plain | None] | None = None
    increment: Key | None = None
    task: Key | TaskEffect | None = None
    link: Key | None = None
    notify: Roles | None = None
    flag: Key | None = None
    start_clock: Key | None = None
    stop_clock: Key | None = None
    start_timer: Key | None = None
    close_outage: Literal[True] | None = None
    create_record: NewRecord | None = None
    request_approval: Key | None = None
    webhook: Url | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1 or self.value is None:
            raise ValueError("an effect does exactly one thing")
        return self

    @property
    def kind(self) -> str:
        """The name of the effect: `set`, `notify` ..."""
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        """What the effect works on, as the recipe writes it."""
        return getattr(self, self.kind)


class Trigger(Model):
    """What starts or stops a clock: a state entered, one event, the first or any of some."""

    enter: Names | None = None
    on: Names | None = None
    first: list[Key] | None = Spec(default=None, min_length=1, max_length=30)
    any: list[Key] | None = Spec(default=None, min_length=1, max_length=30)

    @model_validator(mode="after")
    def _given(self) -> Self:
        if not some(self.enter, self.on, self.first, self.any):
            raise ValueError("say what triggers it: enter, on, first or any")
        return self


class Pause(Model):
    """While a clock does not count."""

    in_: Names = Spec(alias="in")
    when: CelText | None = None


class Clock(Model):
    """A promise measured on a record. In a later facet only what it changes is written."""

    target: TargetName | None = None
    start: Trigger | None = None
    stop: Trigger | None = None
    resume: Trigger | None = None
    pause: Pause | None = None
    calendar: CalendarName | None = None
    per: Literal["team", "provider"] | None = None
    label: Label | None = None


class Timer(Model):
    """What happens by itself while a record rests in a state."""

    in_: Names = Spec(alias="in")
    after: Duration | None = None
    at: Reference | None = None
    every: Duration | None = None
    calendar: CalendarName | None = None
    fire: Key | None = None
    do: list[Effect] = Spec(default=[], max_length=20)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if some(self.after, self.at, self.every) != 1:
            raise ValueError("a timer has exactly one of after, at and every")
        if (self.fire is None) == (not self.do):
            raise ValueError("a timer either fires a transition or has effects")
        return self


class Escalation(Model):
    """What happens at a share of a clock's time, or so much open time from its due instant."""

    clock: Key
    at: Percent | Offset
    do: list[Effect] = Spec(min_length=1, max_length=20)


ESCALATIONS_OF_A_CLOCK = 15
"""A clock's row remembers in one small number which of them were raised."""


def _few_of_each(rules: list[Escalation]) -> list[Escalation]:
    counted = Counter(rule.clock for rule in rules)
    for clock, number in counted.items():
        if number > ESCALATIONS_OF_A_CLOCK:
            raise ValueError(f"{clock!r} has more than {ESCALATIONS_OF_A_CLOCK} escalations")
    return rules


Escalations = Annotated[list[Escalation], Spec(max_length=60), AfterValidator(_few_of_each)]


class Quorum(Model):
    """How many seats must speak, and whose voice counts especially."""

    min: Annotated[int, Spec(ge=1, le=99)]
    of: Annotated[int, Spec(ge=1, le=99)] | None = None
    majority: Literal["simple", "two_thirds", "unanimous", "single"] = "simple"
    must: Roles | None = None
    veto: Roles | None = None
    exclude: Roles | None = None


class Timeout(Model):
    """Whom an approval goes to when nobody decided in time."""

    escalate: Key


class Approval(Model):
    """A decision asked while a record rests in a state, `after` others there were given."""

    in_: Names = Spec(alias="in")
    approvers: Roles
    quorum: Quorum | None = None
    deadline: Duration | None = None
    on_timeout: Timeout | Literal["approve", "reject", "expire"] | None = None
    after: Names | None = None
    label: Label | None = None


class Check(Model):
    """One line of a checklist, named after a state or a transition."""

    item: Key
    required: bool | CelText = False
    label: Label | None = None


class Survey(Model):
    """Whom to ask how it was, and how often."""

    model: Key
    send: Trigger
    sample: Percent = "100%"
