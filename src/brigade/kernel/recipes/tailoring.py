"""The verbs of the matrix: choose one, or edit its cells, in the draft of the practice.

A matrix is tailoring like any other: what is chosen here stands in the draft, and
runs once its owner has approved it and somebody else has published it (S8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import matrices
from brigade.kernel.recipes.access import may_draft
from brigade.kernel.recipes.drafting import Drafted
from brigade.kernel.recipes.drafts import change_draft, open_draft
from brigade.kernel.recipes.models import RecipeDraft
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.queries import draft_of, read_draft, running
from brigade.kernel.refused import Invalid, Refused

WHY = 400


def choose_matrix(key: str, name: str, *, by: Person, why: str) -> RecipeDraft:
    """Let a draft use one of the library's matrices: its cells, its steps, where it begins.

    It is written into the open draft of the practice; without one, one is begun.
    """
    needed(may_draft(by, running(key)))
    matrix = matrices.matrices().get(name)
    if matrix is None:
        raise Invalid("no_such_matrix", _("There is no such matrix. Choose another."), "matrix")
    reason = _reason(why)
    with acting(by):
        draft = draft_of(key) or open_draft(key, by=by)
        facet, drafted = _with_matrix(draft)
        put = matrices.chosen(matrix, drafted.library.data, facet, reason, by.name)
        return _changed(draft, put, by, without=matrices.owned_paths(facet))


def edit_matrix(key: str, cells: Sequence[Sequence[int]], *, by: Person, why: str) -> RecipeDraft:
    """Put other priorities into the cells of a draft's matrix; a row is an impact.

    The steps of impact and urgency stay: they come with a chosen matrix. It is written
    into the open draft of the practice; without one, one is begun.
    """
    needed(may_draft(by, running(key)))
    reason = _reason(why)
    with acting(by):
        draft = draft_of(key) or open_draft(key, by=by)
        facet, drafted = _with_matrix(draft)
        _check(cells, drafted.chosen.document.data["facets"], facet)
        return _changed(draft, [matrices.edited(cells, facet, reason, by.name)], by)


def _changed(
    draft: RecipeDraft, put: Iterable[Operation], by: Person, without: Iterable[str] = ()
) -> RecipeDraft:
    return change_draft(draft.pk, by=by, put=put, without=without)


def _check(cells: Sequence[Sequence[int]], facets: Any, facet: str) -> None:
    """Refuse cells that are not those of the matrix, or hold no priority."""
    rows, columns = (len(facets[facet]["fields"][name]["of"]) for name in ("impact", "urgency"))
    highest = len(facets.get("core", {}).get("priority", {}).get("labels") or []) or 5
    if len(cells) != rows or any(len(row) != columns for row in cells):
        raise Invalid(
            "bad_matrix",
            _("This matrix has %(rows)d rows and %(columns)d columns. Fill in every cell.")
            % {"rows": rows, "columns": columns},
            "matrix",
        )
    if any(not 1 <= cell <= highest for row in cells for cell in row):
        raise Invalid(
            "bad_priority", _("Give a priority from 1 to %(last)d.") % {"last": highest}, "matrix"
        )


def _with_matrix(draft: RecipeDraft) -> tuple[str, Drafted]:
    drafted = read_draft(draft)
    facet = matrices.facet_with_matrix(drafted.library.data)
    if facet is None or facet not in drafted.chosen.facets:
        raise Refused(
            "no_matrix",
            _("At this level the practice has no matrix. Raise the level first."),
            "matrix",
        )
    return facet, drafted


def _reason(why: str) -> str:
    text = " ".join(why.split())
    if not text:
        raise Invalid("no_reason", _("Say why. It is kept with the version."), "why")
    if len(text) > WHY:
        raise Invalid(
            "too_long",
            _("This is longer than %(limit)d characters. Shorten it.") % {"limit": WHY},
            "why",
        )
    return text
