"""Saved views: a list's filters and sort under a name, for oneself or one's team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties.held import teams_of
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import SavedView
from brigade.kernel.refused import Invalid, NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Team

MOST = 30
"""Views one person may keep; nobody looks at more than a few."""


def views_of(person: Person) -> QuerySet[SavedView]:
    """Return one's own views and those shared with one's teams, by name."""
    return (
        SavedView.objects.filter(Q(owner=person) | Q(team_id__in=teams_of(person)))
        .select_related("owner", "team")
        .order_by("name", "id")
    )


def save_view(
    name: str,
    query: str,
    *,
    by: Person,
    team: Team | None = None,
    columns: list[str] | None = None,
) -> SavedView:
    """Keep a list under a name; the same name again replaces it.

    `query` is the list's own query string. A shared view opens nothing: whoever
    looks at it sees only what they may see anyway.
    """
    label = check_text(name.strip(), "name")
    if not 0 < len(label) <= 60:
        raise Invalid("no_name", _("Give the view a short name."), "name")
    if len(query) > 1000:
        raise Invalid("too_long", _("These are too many filters for one view."), "name")
    if team is not None and team.pk not in teams_of(by):
        raise NotPermitted("not_permitted", _("You may share a view with your own teams."), "team")
    known = SavedView.objects.filter(owner=by, name=label).exists()
    if not known and SavedView.objects.filter(owner=by).count() >= MOST:
        raise Invalid("too_many", _("You have enough views. Throw one away first."), "name")
    view, _made = SavedView.objects.update_or_create(
        owner=by,
        name=label,
        defaults={
            "query": check_text(query, "query"),
            "team": team,
            "columns": columns or [],
            "made_at": instants.now(),
        },
    )
    return view


def drop_view(view: SavedView, *, by: Person) -> None:
    """Throw one's own view away."""
    if view.owner_id != by.pk:
        raise NotPermitted("not_permitted", _("Only the person who made a view may throw it away."))
    view.delete()
