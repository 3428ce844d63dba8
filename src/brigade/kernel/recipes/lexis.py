"""The smallest words of the recipe language: keys, labels, texts, their lengths."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Spec

from brigade.kernel.recipes import spans

CEL_LENGTH = 400
"""An expression longer than this is a program, and a recipe holds none."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
RecipeKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Label = Text | Annotated[dict[Language, Text], Spec(min_length=1, max_length=20)]
"""A text in English, which is also its gettext id, or one text per language."""

CelText = Annotated[str, StringConstraints(min_length=1, max_length=CEL_LENGTH)]
Duration = Annotated[str, StringConstraints(pattern=spans.PATTERN)]
Percent = Annotated[str, StringConstraints(pattern=spans.SHARE_PATTERN)]
Offset = Annotated[str, StringConstraints(pattern=spans.OFFSET_PATTERN)]
Reference = Annotated[str, StringConstraints(pattern=r"^=[a-z][a-z0-9_]{0,39}$")]
Names = Key | Annotated[list[Key], Spec(min_length=1, max_length=60)]
Roles = Names
Category = Literal["new", "active", "waiting", "resolved", "closed", "cancelled"]


class Model(BaseModel):
    """Every element: unknown keys refused, nothing coerced, nothing changed later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


def names(value: str | list[str] | None) -> tuple[str, ...]:
    """Return one name or a list of names as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def some(*values: object) -> int:
    """Return how many of the values are given."""
    return sum(value is not None for value in values)
