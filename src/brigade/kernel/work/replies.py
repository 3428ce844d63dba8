"""Canned replies: texts that answer what is asked often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.held import grants_of, holds, teams_of
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid, NotPermitted
from brigade.kernel.work.models import CannedReply

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Team

WRITERS = ("agent", "team_lead", "process_owner")
PLACES = ("requester", "number", "title", "me")
"""What a text may name in braces: {requester}, {number}, {title}, {me}."""


def replies_for(person: Person) -> QuerySet[CannedReply]:
    """Return the replies a person may use: those for all, and those of their teams."""
    if not any(grant.role in WRITERS for grant in grants_of(person)):
        return CannedReply.objects.none()
    mine = Q(team__isnull=True) | Q(team_id__in=teams_of(person))
    return CannedReply.objects.filter(mine).select_related("team")


def keep_reply(
    name: str,
    body: str,
    *,
    by: Person,
    team: Team | None = None,
    reply: CannedReply | None = None,
) -> CannedReply:
    """Write a canned reply, or change `reply`; a team's own is written by its members.

    One for all teams is written by leads and process owners.
    """
    allowed = (
        team.pk in teams_of(by)
        if team is not None
        else holds(by, "team_lead") or holds(by, "process_owner")
    )
    if not allowed or (reply is not None and reply not in replies_for(by)):
        raise NotPermitted(
            "not_permitted", _("You may write replies for your own team. Ask a lead for others.")
        )
    label, text = check_text(name.strip(), "name"), check_text(body.strip(), "body")
    if not 0 < len(label) <= 80:
        raise Invalid("no_name", _("Give the reply a short name."), "name")
    if not 0 < len(text) <= 20_000:
        raise Invalid("no_body", _("Write the text of the reply."), "body")
    others = CannedReply.objects.filter(name__iexact=label)
    if others.exclude(pk=reply.pk if reply else 0).exists():
        raise Invalid("name_taken", _("There is a reply of this name already."), "name")
    row = reply or CannedReply(made_by=by)
    row.name, row.body, row.team, row.changed_at = label, text, team, instants.now()
    with acting(by):
        row.save()
    return row


def drop_reply(reply: CannedReply, *, by: Person) -> None:
    """Throw a canned reply away; the journal keeps what it said."""
    if reply not in replies_for(by):
        raise NotPermitted("not_permitted", _("This reply belongs to another team."))
    if reply.team is None and not (holds(by, "team_lead") or holds(by, "process_owner")):
        raise NotPermitted("not_permitted", _("A reply for all teams is thrown away by a lead."))
    with acting(by):
        reply.delete()


def filled(reply: CannedReply, record: Record, *, by: Person) -> str:
    """Return the text of a reply with its places filled in for a record."""
    values = {
        "requester": record.requester.name if record.requester else "",
        "number": record.number,
        "title": record.title,
        "me": by.name,
    }
    text = reply.body
    for place in PLACES:
        text = text.replace("{" + place + "}", values[place])
    return text
