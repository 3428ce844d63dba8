"""Reading a practice's `measures.yaml`: every fault with its line and its path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from brigade.kernel.measures.language import Measure, Measures
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.parse import shape_errors
from brigade.kernel.recipes.parse_yaml import plain, text_of


class MeasuresError(Exception):
    """A file of measures that cannot be read; `errors` says everything that is wrong."""

    def __init__(self, errors: list[LintError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure of a practice, as it is written down."""

    key: str
    practice: str
    kind: str
    measure: Measure

    def canonical(self) -> str:
        """Return everything it says, always in the same form: what a hash is taken of."""
        said = self.measure.model_dump(mode="json")
        return json.dumps(
            {"key": self.key, "practice": self.practice, "kind": self.kind, **said},
            sort_keys=True, ensure_ascii=False, separators=(",", ":"),
        )  # fmt: skip

    def checksum(self) -> str:
        """Return the hash of everything it says."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def read(source: str | bytes) -> dict[str, Definition]:
    """Read a file; raises MeasuresError, or RecipeError where it is no YAML at all."""
    data, lines = plain(text_of(source))
    try:
        file = Measures.model_validate(data)
    except ValidationError as invalid:
        raise MeasuresError(shape_errors(invalid, lines)) from None
    return definitions(file.practice, file.kind, file.measures)


def definitions(practice: str, kind: str, measures: Mapping[str, Measure]) -> dict[str, Definition]:
    """Return measures by key, each knowing whose it is."""
    return {key: Definition(key, practice, kind, one) for key, one in measures.items()}
