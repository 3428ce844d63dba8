"""Lint of who does what: roles that nobody is bound to, steps that nobody may take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.facts import World
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.role_names import role_name
from brigade.kernel.sentences import _


def unbound(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield E05 where nobody owns the recipe, or nobody is accountable for a piece of work."""
    owner, body = chosen.document.recipe.owner, chosen.body
    if owner is None:
        yield chosen.error("E05", _("The recipe names no owner."), "owner")
    elif world.owned is False:
        yield chosen.error("E05", _nobody(owner), "owner")
    for key, row in body.raci.items():
        if row.A is None:
            message = _("Nobody is accountable (A) for “%(work)s”.") % {"work": key}
            yield chosen.error("E05", message, f"raci.{key}")
        elif world.is_vacant(row.A, body):
            yield chosen.error("E05", _nobody(row.A), f"raci.{key}.A")


def _nobody(role: str) -> str:
    return _("Nobody is bound to the accountable role “%(role)s”.") % {"role": role_name(role)}


def unowned(owners: Mapping[str, int | None]) -> list[LintError]:
    """Return E05 for every practice whose owner (the id of a person) is not chosen yet.

    It asks of practices what `unbound` asks of a recipe, so that they can be chosen
    from their outlines, before anything is installed.
    """
    return [
        LintError(
            "E05",
            _("Nobody is bound to the owner of the practice “%(practice)s”.") % {"practice": key},
            f"{key}.owner",
        )
        for key, owner in owners.items()
        if owner is None
    ]


def untakable(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield W03 for a step that no role anybody holds today may take."""
    for key, move in chosen.body.transitions.items():
        roles = names(move.by)
        if all(world.is_vacant(role, chosen.body) for role in roles):
            message = _("Nobody holds a role that may take the step “%(step)s”: %(roles)s.")
            said = {"step": key, "roles": ", ".join(role_name(role) for role in roles)}
            yield chosen.error("W03", message % said, f"transitions.{key}.by")
