"""Lint: whether the elements of a recipe fit together."""

from __future__ import annotations

from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.merge import Effective


def lint_effective(chosen: Effective) -> list[LintError]:
    """Return what is wrong with an effective recipe."""
    return []
