"""The link in a mail: signed, for one seat, good for one vote.

Nothing is kept for it: the key says how often the seat had voted when it was made, so the
first vote of the seat, by whatever way, uses it up. It opens a page; only a button votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.utils.translation import gettext as _

from brigade.kernel.approvals.models import Approval, ApprovalSeat
from brigade.kernel.refused import Hidden, NotPermitted, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

SALT = "brigade.approvals.mail"
LASTS_SECONDS = 90 * 24 * 3600


def key_for(approval: Approval, person: Person) -> str:
    """Return the key of a person's own seat as it stands, empty where they have none."""
    seat = approval.seats.filter(person=person).first()
    if seat is None:
        return ""
    return signing.dumps([seat.pk, seat.votes.count()], salt=SALT)


def seat_of_key(key: str, *, by: Person) -> ApprovalSeat:
    """Return the seat a key is for, to the person it was sent to.

    Hidden for a key that nobody made or that is too old, NotPermitted for somebody else,
    Refused (`link_used`) once the seat has voted.
    """
    try:
        seat_id, votes = signing.loads(key, salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature as error:
        raise Hidden("no_approval", _("This link is not valid or no longer valid.")) from error
    seat = ApprovalSeat.objects.select_related("approval", "person").filter(pk=seat_id).first()
    if seat is None:
        raise Hidden("no_approval", _("This link is not valid or no longer valid."))
    if seat.person_id != by.pk:
        raise NotPermitted(
            "not_yours", _("This link was sent to somebody else. Sign in as that person.")
        )
    if seat.votes.count() != votes:
        raise Refused(
            "link_used",
            _("This link has been used. Open the decision from your inbox to vote again."),
        )
    return seat
