"""What one person alone approved in a month, told to the head of IT."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brigade.kernel.outbox.account_mail import queue_account_mail
from brigade.kernel.recipes.small_team import approved_alone, small_team


def tell_head(*, now: datetime) -> int:
    """Mail the uses of relaxed rules in the month before `now` to whoever reads them.

    Nothing is sent where small-team mode was never chosen, or nothing was approved alone.
    Returns how many uses were told. Months are those of UTC, so that none falls between two.
    """
    row = small_team()
    until = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    uses = approved_alone(since=since, until=until)
    if row is None or row.head is None or not uses:
        return 0
    with translation.override(row.head.language), transaction.atomic():
        subject = ngettext(
            "%(count)d approval by one person alone",
            "%(count)d approvals by one person alone",
            len(uses),
        ) % {"count": len(uses)}
        lines = [
            _("%(day)s, %(rule)s: %(title)s. %(person)s: %(reason)s")
            % {
                "day": use.at.astimezone(UTC).date().isoformat(),
                "rule": use.rule,
                "title": use.title,
                "person": use.person.name,
                "reason": use.reason,
            }
            for use in uses
        ]
        queue_account_mail(row.head, "account", {"subject": subject, "text": "\n".join(lines)})
    return len(uses)
