"""The verbs of drafts: how an organisation changes a practice, from the first word to publishing.

One draft of a practice is open at a time. Whoever writes it is its author; the owner of
the practice approves it, and an administrator who is no author publishes it (S8).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import rules
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.access import may_draft
from brigade.kernel.recipes.asking import asks
from brigade.kernel.recipes.drafting import with_changes
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.models import RecipeDraft
from brigade.kernel.recipes.overlay import Operation, read_all
from brigade.kernel.recipes.queries import OPEN, read_draft, running
from brigade.kernel.refused import Hidden, Invalid, Refused, Stale

LONGEST = 2000
"""Characters of a reason."""
Draft, State = RecipeDraft, RecipeDraft.State


def open_draft(
    key: str,
    *,
    by: Person,
    reason: str = "",
    overlay: Sequence[Operation] | None = None,
    text: str | None = None,
) -> RecipeDraft:
    """Begin a draft of what runs here, or of a newer text of the library with its overlay.

    Without `overlay` it begins with what the organisation has tailored already. Refused
    while another draft of the practice is open: go on with that one, or withdraw it.
    """
    with acting(by):
        adoption = running(key, lock=True)
        needed(may_draft(by, adoption))
        version = adoption.version
        if version is None or Draft.objects.filter(key=key, state__in=OPEN).exists():
            raise Refused(
                "draft_open",
                _("A draft of this practice is open already. Go on with it, or withdraw it."),
            )
        now = instants.now()
        draft = Draft(
            key=key,
            base=version,
            source=version.source if text is None else text,
            reason=rules.paragraph(reason, "reason", longest=LONGEST),
            authors=[by.pk],
            opened_at=now,
            opened_by=by,
            changed_at=now,
            changed_by=by,
        )
        _judge(draft, read_all(version.overlay) if overlay is None else tuple(overlay))
        draft.save()
    return draft


def change_draft(
    draft_id: int,
    *,
    by: Person,
    put: Iterable[Operation] = (),
    without: Iterable[str] = (),
    seen: int | None = None,
) -> RecipeDraft:
    """Add operations to a draft, or replace what it said of their paths.

    On the paths of `without` the library's own holds again. `seen` is the revision that
    whoever changes it has read: Stale where somebody wrote meanwhile. Invalid where an
    operation does not fit; other faults stand among its findings until they are mended.
    """
    with acting(by):
        draft = _mine(draft_id, by, seen)
        signed = [replace(each, author=by.name) for each in put]
        _judge(draft, with_changes(read_all(draft.overlay), signed, without=without))
        return _changed(draft, by)


def write_draft(
    draft_id: int, *, by: Person, overlay: Sequence[Operation], seen: int | None = None
) -> RecipeDraft:
    """Let a draft say exactly this: the whole overlay, as a text of it was written.

    An operation that stood there before keeps its author; every other one is by whoever
    writes it.
    """
    with acting(by):
        draft = _mine(draft_id, by, seen)
        before = {_unsigned(each): each for each in read_all(draft.overlay)}
        written = [before.get(_unsigned(each)) or replace(each, author=by.name) for each in overlay]
        _judge(draft, written)
        return _changed(draft, by)


def withdraw_draft(draft_id: int, *, by: Person, reason: str = "") -> RecipeDraft:
    """Give a draft up; it stays readable, and nothing that runs has changed."""
    with acting(by):
        draft = open_one(draft_id)
        needed(may_draft(by, running(draft.key)))
        asks().take_back(draft, by=by)
        draft.state, draft.closed_at, draft.closed_by = State.WITHDRAWN, instants.now(), by
        draft.reason = rules.paragraph(reason, "reason", longest=LONGEST) or draft.reason
        draft.save()
    return draft


def open_one(draft_id: int) -> RecipeDraft:
    """Return an open draft, locked; Hidden where there is none, Refused where it is over."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise Hidden("no_such_draft", _("There is no such draft."))
    if draft.state not in OPEN:
        raise Refused("draft_over", _("This draft is over: it was published or withdrawn."))
    return draft


def _mine(draft_id: int, by: Person, seen: int | None) -> RecipeDraft:
    draft = open_one(draft_id)
    needed(may_draft(by, running(draft.key)))
    if draft.state != State.DRAFT:
        raise Refused(
            "draft_submitted",
            _("This draft is submitted and stands as it is. Take it back to change it."),
        )
    if seen is not None and seen != draft.revision:
        raise Stale(
            "draft_changed",
            _("%(name)s has changed this draft meanwhile. Read it again.")
            % {"name": draft.changed_by.name},
        )
    return draft


def _judge(draft: RecipeDraft, overlay: Sequence[Operation]) -> None:
    """Give a draft these operations and what lint says; Invalid where they do not fit."""
    try:
        found = read_draft(draft, overlay)
    except RecipeError as fault:
        said = _("This does not fit the recipe: %(errors)s") % {"errors": str(fault)}
        raise Invalid("unfit_operation", said, "overlay") from fault
    draft.overlay = [each.as_dict() for each in overlay]
    draft.findings = [each.as_dict() for each in found.findings]


def _changed(draft: RecipeDraft, by: Person) -> RecipeDraft:
    draft.changed_at, draft.changed_by = instants.now(), by
    draft.authors = sorted({*draft.authors, by.pk})
    draft.revision += 1
    draft.save()
    return draft


def _unsigned(operation: Operation) -> str:
    return json.dumps({**operation.as_dict(), "author": ""}, sort_keys=True)
