"""Who belongs to, leads, manages or stands in for whom: in words, and the forms for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from brigade.kernel import instants
from brigade.kernel.parties import access, actions
from brigade.kernel.parties.queries import (
    organisations_visible_to,
    relations_visible_to,
    teams_visible_to,
)
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.web.parties import asking
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Relation


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to belong, as it is offered on a person's page. `ask` is team, organisation or other.

    `turned`: the person of the page is the target, and who is chosen is the one who acts.
    """

    relation: str
    ask: str
    offer: str | Promise
    label: str | Promise
    turned: bool = False


KINDS: dict[str, Kind] = {
    "team": Kind("member_of", "team", gettext_lazy("Add to a team"), gettext_lazy("Team")),
    "lead": Kind("leads", "team", gettext_lazy("Make lead of a team"), gettext_lazy("Team")),
    "manager": Kind(
        "manages", "other", gettext_lazy("Say who manages them"), gettext_lazy("Manager"), True
    ),
    "deputy": Kind(
        "deputises", "other", gettext_lazy("Name a deputy"), gettext_lazy("Deputy"), True
    ),
    "organisation": Kind(
        "member_of", "organisation", gettext_lazy("Add to an organisation"),
        gettext_lazy("Organisation"),
    ),
}  # fmt: skip

HERE: dict[tuple[str, str], str | Promise] = {
    ("member_of", "person"): gettext_lazy("Member of"),
    ("leads", "person"): gettext_lazy("Leads"),
    ("manages", "person"): gettext_lazy("Manages"),
    ("manages", "other"): gettext_lazy("Managed by"),
    ("deputises", "person"): gettext_lazy("Stands in for"),
    ("deputises", "other"): gettext_lazy("Deputy"),
}
"""How a relation reads on the page of one of its two ends."""

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A relation as a page shows it: what it is, and the other end with its page."""

    relation: Relation
    words: str | Promise
    name: str
    page: str
    number: int
    to_come: bool
    end: bool


def kinds_offered(me: Person, one: Person) -> list[str]:
    """Return the kinds of relation that the reader may add for somebody."""
    if not one.is_active or one.is_system:
        return []
    if access.may_change_groups(me):
        return list(KINDS)
    return ["deputy"] if access.may_appoint_deputy(me, one) else []


def lines_about(me: Person, one: Person) -> tuple[list[Line], list[Line]]:
    """Return somebody's relations that hold or will, and those that are over; 50 of each."""
    related = relations_visible_to(me)
    rows = [*related.filter(person=one)[:SHOWN], *related.filter(other=one)[:SHOWN]]
    return split(me, rows, one)


def split(
    me: Person, rows: Iterable[Relation], one: Person | None = None
) -> tuple[list[Line], list[Line]]:
    """Return lines in force or to come, and past ones, as seen from `one` or from a group."""
    now = instants.now()
    current: list[Line] = []
    past: list[Line] = []
    groups = access.may_change_groups(me)
    for relation in rows:
        over = relation.valid_to is not None and relation.valid_to <= now
        line = _line(me, relation, one, groups and not over, now < relation.valid_from, over)
        (past if over else current).append(line)
    return current, past


def _line(
    me: Person, relation: Relation, one: Person | None, groups: bool, to_come: bool, over: bool
) -> Line:
    turned = one is not None and relation.other_id == one.pk
    target: Any = relation.team or relation.organisation or relation.other
    kind = "team" if relation.team else "organisation" if relation.organisation else "person"
    if one is None or turned:
        target, kind = relation.person, "person"
    deputy = relation.kind == "deputises" and relation.other is not None and not over
    may = groups or (deputy and access.may_appoint_deputy(me, relation.other))  # type: ignore[arg-type]
    words = HERE[(relation.kind, "other" if turned else "person")]
    return Line(relation, words, target.name, kind, target.pk, to_come, may)


@login_required
@require_http_methods(["GET", "POST"])
def relation_new(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Ask with whom and for how long, and relate them."""
    me, one = reader(request), asking.visible_person(request, number)
    if kind not in KINDS:
        raise Hidden("no_kind", _("There is no such relation."))
    access.needed(kind in kinds_offered(me, one))
    if request.method == "GET":
        return _form(request, one, kind)
    try:
        _relate(request, one, KINDS[kind])
    except Refused as no:
        return _form(request, one, kind, no)
    return asking.done(request, _("That is noted."), "person", number)


def _relate(request: HttpRequest, one: Person, kind: Kind) -> None:
    me, target = reader(request), {}
    person = one
    if kind.ask == "team":
        target["team"] = asking.one_of(request, "target", teams_visible_to(me))
    elif kind.ask == "organisation":
        target["organisation"] = asking.one_of(request, "target", organisations_visible_to(me))
    else:
        person, target["other"] = asking.needed_person(request, "target"), one
    if None in target.values():
        raise Invalid("required", _("Please choose one."), "target")
    actions.add_relation(
        kind.relation,
        person,
        by=me,
        valid_from=asking.day(request, "valid_from"),
        valid_to=asking.day(request, "valid_to", ends=True),
        **target,
    )


FIELDS = {"team": "target", "organisation": "target", "other": "target", "person": "target"}
"""Where a refusal of the verb stands in this form."""


def _form(request: HttpRequest, one: Person, key: str, no: Refused | None = None) -> HttpResponse:
    me, kind = reader(request), KINDS[key]
    if no is not None and no.field in FIELDS:
        no.field = FIELDS[no.field]
    options = {"team": asking.team_options, "organisation": asking.organisation_options}
    context = {
        "one": one,
        "kind": kind,
        "key": key,
        "options": options[kind.ask](me) if kind.ask in options else [],
        "given": asking.given(request),
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/relation_form.jinja", context, no.status if no else 200)


@login_required
@require_POST
def relation_end(request: HttpRequest, number: int, relation: int) -> HttpResponse:
    """End a relation of a person now."""
    one = asking.visible_person(request, number)
    related = relations_visible_to(reader(request))
    found = related.filter(pk=relation, person=one) | related.filter(pk=relation, other=one)
    _end(request, found.first())
    return asking.done(request, _("That has ended."), "person", number)


@login_required
@require_POST
def member_end(request: HttpRequest, number: int, relation: int) -> HttpResponse:
    """End a membership of a team now."""
    team = asking.visible_team(request, number)
    _end(request, relations_visible_to(reader(request)).filter(pk=relation, team=team).first())
    return asking.done(request, _("That has ended."), "team", number)


def _end(request: HttpRequest, relation: Relation | None) -> None:
    if relation is None:
        raise Hidden("no_relation", _("There is no such relation."))
    actions.end_relation(relation, by=reader(request))


urlpatterns = [
    path("people/<int:number>/relations/<slug:kind>", relation_new, name="relation_new"),
    path("people/<int:number>/relations/<int:relation>/end", relation_end, name="relation_end"),
    path("teams/<int:number>/members/<int:relation>/end", member_end, name="member_end"),
]
