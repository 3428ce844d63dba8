"""Shapes that several routes share, and the limits on what they take."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Query, Schema
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
)

Number = Annotated[str, Path(description="The number of a record, such as INC-10001.")]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name of the recipe: a kind, a state, a field, a transition."""
PLAIN = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)]
Cursor = Annotated[
    str | None,
    Query(
        max_length=500,
        description="`next` of the page before; leave it out for the first page.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=100, description="Rows of a page at most.")]


def _storable(text: str) -> str:
    """Refuse what no database can keep as text."""
    if "\0" in text:
        raise ValueError("This text contains a NUL character. Remove it.")
    return text


Text = Annotated[StrictStr, StringConstraints(max_length=20_000), AfterValidator(_storable)]
Finite = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Body = Annotated[StrictStr, StringConstraints(max_length=100_000), AfterValidator(_storable)]
Value = StrictBool | StrictInt | Finite | Text | None
Fields = dict[Word, Value]
Visibility = Literal["public", "internal"]
SeenBy = Literal["public", "internal", "provider"]
Category = Literal["new", "active", "waiting", "resolved", "closed", "cancelled"]


class Asked(Schema):
    """A body; what it does not know it refuses, so that a slip of the pen is not lost."""

    model_config = ConfigDict(extra="forbid")


class ScopeBody(Asked):
    """What something is about, as roles are limited to it."""

    kind: Literal["organisation", "customer", "service", "vendor", "team"]
    id: Annotated[int, Field(ge=1, le=2**63 - 1)]


def scope_of(asked: ScopeBody | None) -> tuple[str, int] | None:
    """Return a scope as verbs take it."""
    return None if asked is None else (asked.kind, asked.id)


class Named(Schema):
    """A person, a team or an organisation."""

    id: int
    name: str


class Coded(Named):
    """A service or an offering."""

    code: str


class Version(Schema):
    """The version of a recipe."""

    key: str
    version: str
    level: int


class RecordRow(Schema):
    """A record in a list."""

    number: str
    kind: str
    title: str
    state: str
    state_category: Category
    priority: int | None = Field(description="1 is the highest.")
    confidential: bool
    channel: str
    requester: Named | None
    customer: Named | None
    service: Coded | None
    team: Named | None
    assignee: Named | None
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    version: int


class RecordOut(RecordRow):
    """A record with all that the reader may know of it."""

    description: str
    state_label: str
    priority_label: str
    category: str | None = Field(description="Null for who reads only the public side.")
    impact: int | None
    urgency: int | None
    offering: Coded | None
    provider: Named | None
    opened_by: Named | None
    active_at: datetime | None
    waiting_at: datetime | None
    fields: dict[str, Any] = Field(description="What the recipe adds.")
    recipe: Version
    source: str
    source_id: str


class RecordPage(Schema):
    """A page of records."""

    items: list[RecordRow]
    next: str | None = Field(description="Where the next page begins; null on the last.")


class EntryOut(Schema):
    """One thing that happened to a record."""

    number: int
    at: datetime
    kind: str
    visibility: SeenBy
    actor: Named | None
    origin: str
    transition: str
    body: str | None
    changes: dict[str, Any] | None = Field(description="Field: [before, after].")
    erased_at: datetime | None
    erased_reason: str


class EntryPage(Schema):
    """A page of a record's journal, oldest first."""

    items: list[EntryOut]
    next: int | None = Field(description="`after` of the next page; null on the last.")
