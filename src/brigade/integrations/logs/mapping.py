"""The map: how a log of another system reads, in words its owner can write.

A map is a YAML file; `docs/reference/log-maps.md` explains every key. Pure:
no database, so that `--dry-run` of a map costs nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

NAME = r"^[a-z][a-z0-9_]{0,59}$"
SAME = "same"
"""The value of a state that says: something happened, the state stays."""

RECORD_TEXTS = ("category", "channel")
RECORD_NUMBERS = ("impact", "urgency", "priority")
RECORD_PEOPLE = ("requester", "assignee", "opened_by")
RECORD_INSTANTS = ("opened_at", "resolved_at", "closed_at")


class Part(BaseModel):
    """Base of every part of a map: a key that is not known is an error, not silence."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


def _short(key: str) -> BeforeValidator:
    """Let `key: text` be written as plain text."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class Use(Part):
    """One column and how its cells read.

    `as: label` keeps a cell as written, even where it means "empty"; `number`
    takes whole numbers; `yes_no` takes the words of `yes` for yes and those of
    `no` for no. `values` translates cells; one it does not list is kept as
    written and reported.
    """

    column: str = Field(min_length=1)
    as_: Literal["text", "label", "number", "yes_no"] = Field("text", alias="as")
    yes: tuple[str, ...] = ("true",)
    no: tuple[str, ...] = ("false",)
    values: dict[str, int | str | None] | None = None


Column = Annotated[Use, _short("column")]


class OrderBy(Part):
    """A column that orders the rows of one case, and how it sorts."""

    column: str = Field(min_length=1)
    as_: Literal["instant", "number", "text"] = Field("text", alias="as")


class Event(Part):
    """Where one row is a whole case: a column with an instant, and the state it begins."""

    column: str = Field(min_length=1)
    state: str
    transition: str = ""


class Rows(Part):
    """What a row is.

    Either `at` names the column with the row's instant (a row is an entry), or
    `events` lists several such columns (a row is a case). `repeated` says what
    becomes of a row that says word for word what an earlier one said.
    """

    case: str = Field(min_length=1)
    at: str | None = None
    events: tuple[Event, ...] = ()
    order: tuple[Annotated[OrderBy, _short("column")], ...] = ()
    actor: str | None = None
    repeated: Literal["reject", "keep"] = "reject"
    untracked: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Rows:
        if (self.at is None) == (not self.events):
            raise ValueError("give either `at` (a row is an entry) or `events` (a row is a case)")
        if self.events and self.order:
            raise ValueError("`order` is for rows that are entries; events are ordered by instant")
        return self


class Meaning(Part):
    """What a value of the state column means: a state of the recipe, and who is waited for."""

    state: str
    waits_for: str | None = None
    transition: str = ""


class States(Part):
    """The column that holds the state or the activity, and what its values mean."""

    column: str = Field(min_length=1)
    values: dict[str, Annotated[Meaning, _short("state")]] = Field(min_length=1)


class RecordColumns(Part):
    """Columns of the file that become columns of the record, taken from a case's last row.

    `title` and `description` are text with `{column}` in it.
    """

    title: str = Field(min_length=1)
    description: str = ""
    category: Column | None = None
    channel: Column | None = None
    impact: Column | None = None
    urgency: Column | None = None
    priority: Column | None = None
    requester: Column | None = None
    assignee: Column | None = None
    opened_by: Column | None = None
    team: Column | None = None
    opened_at: Column | None = None
    resolved_at: Column | None = None
    closed_at: Column | None = None

    @field_validator(*RECORD_NUMBERS)
    @classmethod
    def _grades(cls, use: Use | None) -> Use | None:
        for value in (use.values or {}).values() if use else ():
            if value is not None and not (isinstance(value, int) and 1 <= value <= 99):
                raise ValueError(f"{value!r} is no grade: write a number from 1 (highest) to 99")
        return use


def _list(value: Any) -> Any:
    """Let a list of one be written as plain text."""
    return [value] if isinstance(value, str) else value


class Pause(Part):
    """When a clock rests: while the cell of a column begins with one of these."""

    column: str = Field(min_length=1)
    begins: Annotated[
        tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1), BeforeValidator(_list)
    ]


class ClockPart(Part):
    """A stopwatch from a case's first entry to its last, whatever its state; nothing is due."""

    target: Literal["none"] = "none"
    calendar: Literal["always"] = "always"
    pause: Pause | None = None


class LogMap(Part):
    """A whole map. `source` names where the records come from: (source, case) is one record."""

    map: str = Field(pattern=NAME)
    title: str
    about: str = ""
    source: str = Field(pattern=NAME)
    kind: str = "incident"
    zone: str = "UTC"
    dates: tuple[str, ...] = ("iso",)
    encoding: Literal["utf-8", "cp1252", "iso-8859-1", "iso-8859-15"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    empty: tuple[str, ...] = ()
    rows: Rows
    state: States | None = None
    record: RecordColumns
    fields: dict[Annotated[str, Field(pattern=NAME)], Column] = {}
    facts: dict[Annotated[str, Field(pattern=NAME)], Column] = {}
    clocks: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], ClockPart] = {}

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"there is no time zone {name!r}; write one like Europe/Rome"
            ) from error
        return name

    @field_validator("dates")
    @classmethod
    def _date_forms(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            if form != "iso" and not {"%d", "%m"} <= {form[i : i + 2] for i in range(len(form))}:
                raise ValueError(f"{form!r} is neither `iso` nor a pattern like %d/%m/%Y %H:%M")
        return forms

    @model_validator(mode="after")
    def _state_is_told(self) -> LogMap:
        if self.rows.at is not None and self.state is None:
            raise ValueError("`state` is missing: which column holds the state?")
        return self

    @model_validator(mode="after")
    def _pauses_are_kept(self) -> LogMap:
        for name, clock in self.clocks.items():
            if clock.pause is not None and self.kept_as(clock.pause.column) is None:
                raise ValueError(
                    f"clocks.{name}.pause: {clock.pause.column} is not kept as written; name the "
                    "column of `state`, or one that no other part names"
                )
        return self

    def kept_as(self, column: str) -> str | None:
        """Return the path under which the journal keeps a column's cells as written, if any."""
        if self.state is not None and column == self.state.column:
            return "source_state"
        rows = self.rows
        said = {rows.case, rows.at, rows.actor, *rows.untracked, *rows.leave_out}
        said |= {event.column for event in rows.events} | {part.column for part in rows.order}
        said |= {use.column for use in self.uses().values()}
        return None if column in said else f"source.{column}"

    def columns(self) -> dict[str, str]:
        """Return every column the map names with the place that names it."""
        named = {self.rows.case: "rows.case"}
        for place in ("at", "actor"):
            if column := getattr(self.rows, place):
                named.setdefault(column, f"rows.{place}")
        for place, group in (("events", self.rows.events), ("order", self.rows.order)):
            for part in group:
                named.setdefault(part.column, f"rows.{place}")
        if self.state is not None:
            named.setdefault(self.state.column, "state.column")
        for place, used in self.uses().items():
            named.setdefault(used.column, place)
        for name, clock in self.clocks.items():
            if clock.pause is not None:
                named.setdefault(clock.pause.column, f"clocks.{name}.pause")
        return named

    def uses(self) -> dict[str, Use]:
        """Return the columns that become something, by the path of what they become."""
        places: dict[str, Use] = {}
        for name in (*RECORD_TEXTS, *RECORD_NUMBERS, *RECORD_PEOPLE, "team", *RECORD_INSTANTS):
            if (use := getattr(self.record, name)) is not None:
                places[f"record.{name}"] = use
        places |= {f"fields.{name}": use for name, use in self.fields.items()}
        places |= {f"facts.{name}": use for name, use in self.facts.items()}
        return places

    def states_named(self) -> dict[str, str]:
        """Return every state the map speaks of with the place that names it."""
        named = {event.state: "rows.events" for event in self.rows.events}
        if self.state is not None:
            for value, meaning in self.state.values.items():
                if meaning.state != SAME:
                    named.setdefault(meaning.state, f"state.values.{value}")
        return named


SHIPPED = Path(__file__).parent / "maps"


def shipped_maps() -> dict[str, Path]:
    """Return the maps that come with Brigade: name -> file."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def plain(log_map: LogMap) -> dict[str, Any]:
    """Return a map as plain values, as it is kept with a run."""
    return log_map.model_dump(mode="json", by_alias=True, exclude_defaults=True)
