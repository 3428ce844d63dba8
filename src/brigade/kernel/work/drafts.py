"""What somebody has typed and not sent: kept on the server, restored on any device."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.records.canonical import check_value
from brigade.kernel.refused import Invalid
from brigade.kernel.work.models import Draft

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

KEPT = timedelta(days=30)
SIZE_LIMIT = 200_000
"""Characters of one draft, all its fields together."""


def save_draft(form: str, values: Mapping[str, Any], *, by: Person) -> datetime | None:
    """Keep what is typed into `form` (a name such as "INC-10001/reply"); empty values drop it.

    Returns when it was saved, or None where nothing is left to keep.
    """
    kept = {name: str(value) for name, value in values.items() if str(value).strip()}
    if not kept:
        drop_draft(form, by=by)
        return None
    if not 0 < len(form) <= 120 or sum(map(len, kept.values())) > SIZE_LIMIT:
        raise Invalid("draft_too_long", _("This draft is too long to be kept. Shorten it."), form)
    saved_at = instants.now()
    Draft.objects.update_or_create(
        person=by, form=form, defaults={"values": check_value(kept), "saved_at": saved_at}
    )
    return saved_at


def draft_of(form: str, *, by: Person) -> tuple[dict[str, str], datetime | None]:
    """Return one's own draft of a form and when it was saved; an empty one where there is none."""
    row = Draft.objects.filter(person=by, form=form, saved_at__gt=instants.now() - KEPT).first()
    return (dict(row.values), row.saved_at) if row else ({}, None)


def drop_draft(form: str, *, by: Person) -> None:
    """Forget one's own draft of a form, after it was sent."""
    Draft.objects.filter(person=by, form=form).delete()


def drop_expired_drafts(*, at: datetime) -> int:
    """Forget drafts that nobody came back to; returns how many."""
    return Draft.objects.filter(saved_at__lte=at - KEPT).delete()[0]
