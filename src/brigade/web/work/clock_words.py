"""Clocks in words: the chip of a row, and what the panel and the account of a record say.

Words carry it; the glyph and the colour repeat them. How much is left is time on
the wall, as it ticks in the browser; what was used is time of the clock's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.clocks.engine import RUNNING
from brigade.kernel.clocks.faces import MET, MISSED, VOID, Face
from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.web.shell.times import duration, hours, localtime

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe

WAITING = "waiting_reason"
"""The field of a recipe that says what a record waits for."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock in a row: `kind` as the macro has it, `due` where it ticks."""

    kind: str
    lead: str
    name: str
    title: str = ""
    due: datetime | None = None
    eighths: int = 8
    state: str = ""


def clock_name(recipe: CompiledRecipe, name: str, team: str = "") -> str:
    """Return the name of a clock, with the team that it is for where it is one of several."""
    known = recipe.clocks.get(name)
    label = in_language(known.label) if known and known.label else _(plain_words(name))
    return _("%(clock)s: %(team)s") % {"clock": label, "team": team} if team else label


def reason_words(recipe: CompiledRecipe, reason: str) -> str:
    """Return why a clock is paused: what the record waits for, or the state it rests in."""
    field = recipe.fields.get(WAITING)
    if field is not None and reason in map(str, field.of):
        return recipe.choice_label(WAITING, reason)
    return recipe.label(reason) if reason else ""


def chip(face: Face, recipe: CompiledRecipe, at: datetime, team: str = "") -> Chip:
    """Return a clock as one chip."""
    name = clock_name(recipe, face.name, team)
    if face.state == RUNNING and face.due_at is not None:
        return _running(face, name, at)
    if face.is_live and face.state != RUNNING:
        why = reason_words(recipe, face.reason)
        lead = _("Over, paused") if face.over else _("Paused")
        return Chip("over" if face.over else "paused", lead, why or name, name, state="paused")
    lead = {MET: _("Met"), MISSED: _("Missed"), VOID: _("Not counted")}.get(
        face.state, hours(face.used)
    )
    return Chip(face.state if face.state in (MET, MISSED) else "ended", lead, name, used(face))


def _running(face: Face, name: str, at: datetime) -> Chip:
    assert face.due_at is not None
    gap = duration(abs((face.due_at - at).total_seconds()))
    when = {"when": localtime(face.due_at, "full"), "promise": face.promise}
    if face.over:
        title = _("Was due %(when)s: %(promise)s") if face.promise else _("Was due %(when)s")
        lead = _("%(time)s over") % {"time": gap}
        return Chip("over", lead, name, title % when, face.due_at, state="running")
    title = _("Due %(when)s: %(promise)s") if face.promise else _("Due %(when)s")
    left = max((face.promised or 0) - face.used, 0)
    return Chip(
        "risk" if face.risk else "running",
        _("%(time)s left") % {"time": gap},
        name,
        title % when,
        face.due_at,
        -(-left * 8 // face.promised) if face.promised else 8,
        "running",
    )


def used(face: Face) -> str:
    """Return how much of what was promised is used, in time of the clock's calendar."""
    words = {"used": hours(face.used), "promised": hours(face.promised)}
    if face.promised is None:
        return _("%(used)s so far") % words if face.is_live else _("Took %(used)s") % words
    if face.state == MET:
        return _("Met in %(used)s of %(promised)s") % words
    if face.state == MISSED:
        return _("Missed: took %(used)s of %(promised)s") % words
    if face.state == VOID:
        return _("Not counted after %(used)s") % words
    return _("%(used)s of %(promised)s used") % words


def standing(face: Face, recipe: CompiledRecipe) -> str:
    """Return when a live clock is due, or what it waits for; nothing for one that has ended."""
    if not face.is_live:
        return ""
    if face.state != RUNNING:
        return _("Paused: %(reason)s") % {"reason": reason_words(recipe, face.reason)}
    if face.due_at is None:
        return ""
    when = {"when": localtime(face.due_at)}
    return _("Was due %(when)s") % when if face.over else _("Due %(when)s") % when


def tone(face: Face) -> str:
    """Return the tone of a clock's bar."""
    if face.over or face.state == MISSED:
        return "bad"
    return "warn" if face.risk else ""
