"""Why a message was not sent: a code in the row, a sentence on the page.

Nothing that was due to leave is ever dropped without one of these.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NO_ADDRESS = "no_address"
DISABLED = "disabled"
SUPPRESSED = "suppressed"
PREFERENCE = "preference"
NOT_SET_UP = "not_set_up"
NO_LONGER_VISIBLE = "no_longer_visible"
NOT_PUBLIC = "not_public"
ERASED = "erased"
OWN_ADDRESS = "own_address"
WITHDRAWN = "withdrawn"
EXPIRED = "expired"
REFUSED = "refused"
TEMPORARY = "temporary"
GIVEN_UP = "given_up"
CANNOT_BE_WRITTEN = "cannot_be_written"

REASONS: dict[str, Promise] = {
    NO_ADDRESS: _("The person has no mail address."),
    DISABLED: _("The person is disabled."),
    SUPPRESSED: _("The address is on the list of addresses that get no mail."),
    PREFERENCE: _("The person does not want mail of this kind."),
    NOT_SET_UP: _(
        "Mail is not set up. Give a mail server and a sender address in the settings, then retry."
    ),
    NO_LONGER_VISIBLE: _("The person may no longer see this record."),
    NOT_PUBLIC: _("The entry is internal, and internal entries are never mailed out."),
    ERASED: _("The text was erased before it was sent."),
    OWN_ADDRESS: _("The address is the one that mail is sent from; it would go round in circles."),
    WITHDRAWN: _("The sender took it back before it was sent."),
    EXPIRED: _("The link in it had expired before it could be sent."),
    REFUSED: _("The mail server refused it for good."),
    TEMPORARY: _("The mail server did not take it; it will be tried again."),
    GIVEN_UP: _("It was tried as often as is sensible and failed every time."),
    CANNOT_BE_WRITTEN: _("The message could not be written. The error is kept with it."),
}

NEVER_AGAIN = frozenset({WITHDRAWN, NOT_PUBLIC, ERASED, EXPIRED})
"""Reasons that trying again cannot change."""


def explain(code: str) -> str:
    """Return the sentence for a reason's code in the reader's language, empty for none."""
    return str(REASONS[code]) if code in REASONS else code
