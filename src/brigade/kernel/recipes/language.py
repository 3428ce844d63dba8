"""The recipe language: what a recipe file may say, as pydantic models.

The models are the grammar and nothing else: they check the shape of one element
at a time and publish the JSON Schema. Whether the elements fit together is the
business of `lint`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field as Spec
from pydantic import StringConstraints, model_validator

from brigade.kernel.recipes.lexis import (
    Category,
    CelText,
    Key,
    Label,
    Model,
    Names,
    RecipeKey,
    Roles,
    Sentence,
    Text,
    some,
)
from brigade.kernel.recipes.reactions import (
    Approval,
    Check,
    Clock,
    Effect,
    Escalations,
    Survey,
    Timer,
)
from brigade.kernel.recipes.trees import Tree, branches, check_tree

FieldType = Literal[
    "text",
    "note",
    "bool",
    "int",
    "number",
    "enum",
    "tree",
    "date",
    "datetime",
    "party",
    "team",
    "organisation",
    "service",
    "ci",
    "outage",
]
LinkType = Literal[
    "child_of", "caused_by", "instance_of", "solved_by", "implements", "blocks",
    "duplicates", "evidence_for", "converts_to", "mitigates",
]  # fmt: skip
Semver = Annotated[str, StringConstraints(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]
Need = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}>=[1-3]$")]
Kpi = Annotated[str, StringConstraints(pattern=r"^K\d{2}$")]
Level = Annotated[int, Spec(ge=1, le=3)]
Choice = Key | Annotated[int, Spec(ge=0, le=999)]
Choices = Annotated[list[Choice], Spec(min_length=1, max_length=200)]


class State(Model):
    """A state, and the one of six categories by which every figure knows it."""

    category: Category
    terminal: bool = False
    label: Label | None = None


class Transition(Model):
    """A way from some states to one; `to: self` acts without moving."""

    from_: Names = Spec(alias="from")
    to: Key
    by: Roles
    guard: CelText | None = None
    do: list[Effect] = Spec(default=[], max_length=20)
    label: Label | None = None
    refusal: Label | None = None


class Presence(Model):
    """When a field must be filled: in a state, or from a state's category on."""

    in_: Names | None = Spec(default=None, alias="in")
    from_: Key | None = Spec(default=None, alias="from")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.in_ is None) == (self.from_ is None):
            raise ValueError("say either `in: STATE` or `from: STATE`")
        return self


class Field(Model):
    """A fact the record carries beside its columns, or a column the recipe rules."""

    type: FieldType
    of: Choices | Tree | None = None
    default: bool | int | float | str | None = None
    default_expr: CelText | None = None
    computed: CelText | None = None
    suggest: CelText | None = None
    required: Presence | CelText | None = None
    when: CelText | None = None
    editable: bool | Presence = True
    visibility: Literal["internal", "public"] = "internal"
    label: Label | None = None
    labels: dict[Key | int, Label] = Spec(default={}, max_length=200)
    help: Label | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.type == "tree" and isinstance(self.of, dict):
            check_tree(self.of)
        elif (self.type == "enum") != (self.of is not None) or isinstance(self.of, dict):
            raise ValueError("`of` lists the choices of an enum, or the branches of a tree")
        if some(self.default, self.default_expr, self.computed) > 1:
            raise ValueError("only one of default, default_expr and computed")
        if self.of is not None and self.default is not None and self.default not in self.choices():
            raise ValueError(f"the default {self.default!r} is not one of its choices")
        return self

    def choices(self) -> tuple[str | int, ...]:
        """Return what may be chosen: an enum's choices, the path of every branch of a tree."""
        if isinstance(self.of, dict):
            return tuple(path for path, _branch in branches(self.of))
        return tuple(self.of or ())


class Priority(Model):
    """How urgent a record is; a matrix, once adopted, wins over the expression."""

    expr: CelText | None = None
    matrix: dict[int, list[Annotated[int, Spec(ge=1, le=9)]]] | None = None
    override_by: Roles | None = None
    override_reason: Literal["required", "optional"] | None = None
    labels: list[Label] | None = Spec(default=None, min_length=1, max_length=9)


class LinkRule(Model):
    """A kind of link a record of this recipe may carry, and what it carries along."""

    to: RecipeKey
    as_: LinkType = Spec(alias="as")
    cascade: list[Key] = Spec(default=[], max_length=20)


class Raci(Model):
    """Who is responsible, accountable (exactly one role), consulted and informed."""

    R: Roles | None = None
    A: Key | None = None
    C: Roles | None = None
    I: Roles | None = None  # noqa: E741 - the letters are the field's own


class Body(Model):
    """What facets hold, and what an effective recipe is the sum of."""

    states: dict[Key, State] = Spec(default={}, max_length=60)
    transitions: dict[Key, Transition] = Spec(default={}, max_length=120)
    fields: dict[Key, Field] = Spec(default={}, max_length=200)
    priority: Priority | None = None
    clocks: dict[Key, Clock] = Spec(default={}, max_length=30)
    timers: dict[Key, Timer] = Spec(default={}, max_length=30)
    escalations: Escalations = []
    approvals: dict[Key, Approval] = Spec(default={}, max_length=30)
    checklists: dict[Key, list[Check]] = Spec(default={}, max_length=60)
    links: list[LinkRule] = Spec(default=[], max_length=60)
    survey: Survey | None = None
    raci: dict[Key, Raci] = Spec(default={}, max_length=60)
    notify: dict[Key, Roles] = Spec(default={}, max_length=60)
    policies: list[Sentence] = Spec(default=[], max_length=60)
    kpis: list[Kpi] = Spec(default=[], max_length=60)


class Facet(Body):
    """The unit of adoption: what is switched on together, and what it needs."""

    level: Level
    needs: list[Key] = Spec(default=[], max_length=30)
    label: Label | None = None


class RecordRule(Model):
    """The record this recipe runs: its kind, number prefix and first state."""

    kind: RecipeKey
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,5}$")]
    initial: Key


class Neighbours(Model):
    """The practices this one feeds, and those a level of it leans on where installed."""

    feeds: list[RecipeKey] = Spec(default=[], max_length=40)
    needs: dict[Level, list[Need]] = {}


class Recipe(Model):
    """A whole recipe file."""

    recipe: RecipeKey
    version: Semver
    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    purpose: Sentence
    maps: dict[Key, Text | list[Text]] = Spec(default={}, max_length=20)
    record: RecordRule
    owner: Key | None = None
    inputs: list[Key] = Spec(default=[], max_length=40)
    facets: dict[Key, Facet] = Spec(min_length=1, max_length=30)
    links: Neighbours = Neighbours()
    readiness: dict[Level, list[Sentence]] = {}

    @model_validator(mode="after")
    def _begins(self) -> Self:
        if not any(facet.level == 1 for facet in self.facets.values()):
            raise ValueError("a recipe needs a facet of level 1")
        return self


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a recipe file, for editors and other programs."""
    schema = Recipe.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
