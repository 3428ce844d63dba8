"""The forms of a service and of an offering. A change that crosses another shows both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import organisations_visible_to, teams_visible_to
from brigade.kernel.refused import Hidden, Refused, Stale
from brigade.kernel.services import access, actions
from brigade.kernel.services.queries import offerings_visible_to
from brigade.web.parties import asking
from brigade.web.services import hours
from brigade.web.services.services import CRITICALITY, IF_IT_STOPS, visible_service
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.services.models import Offering, Service

STATES = [
    ("proposed", gettext_lazy("Proposed"), gettext_lazy("Being thought about; nobody uses it.")),
    ("live", gettext_lazy("Live"), gettext_lazy("In use. Work can be logged about it.")),
    ("restricted", gettext_lazy("Restricted"), gettext_lazy("In use, but not for anybody new.")),
    ("retiring", gettext_lazy("Retiring"), gettext_lazy("In use until it is switched off.")),
    ("retired", gettext_lazy("Retired"), gettext_lazy("Gone. It stays in the history.")),
]
KINDS = [
    ("business", gettext_lazy("Business service"), gettext_lazy("Customers use it.")),
    ("technical", gettext_lazy("Technical service"), gettext_lazy("Other services stand on it.")),
    ("supporting", gettext_lazy("Supporting service"), gettext_lazy("It helps the others run.")),
]
OFFERING_STATES = [
    ("draft", gettext_lazy("Draft"), gettext_lazy("Only the people who work here see it.")),
    ("published", gettext_lazy("Published"), gettext_lazy("Customers of the service see it.")),
    ("withdrawn", gettext_lazy("Withdrawn"), gettext_lazy("Nobody new can have it.")),
]
LABELS: dict[str, str | Promise] = {
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name"),
    "description": gettext_lazy("Why it exists"),
    "kind": gettext_lazy("Kind"),
    "state": gettext_lazy("State"),
    "owner": gettext_lazy("Owner"),
    "team": gettext_lazy("Team"),
    "criticality": gettext_lazy("Criticality"),
    "customers": gettext_lazy("Customers"),
    "hours": gettext_lazy("Hours"),
    "level": gettext_lazy("Level"),
}
PLAIN = ("name", "description", "kind", "state")
OFFERING_FIELDS = ("code", "name", "description", "level", "state")


@login_required
@require_http_methods(["GET", "POST"])
def service_new(request: HttpRequest) -> HttpResponse:
    """Ask what a new service is, and add it."""
    needed(access.may_add_service(reader(request)))
    if request.method == "GET":
        return _form(request)
    try:
        one = actions.add_service(by=reader(request), **_facts(request, decides=True))
    except Refused as no:
        return _form(request, no=no)
    return asking.done(request, _("The service is added."), "service", one.code)


@login_required
@require_http_methods(["GET", "POST"])
def service_change(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what is different about a service, and change it unless somebody else just did."""
    me, one = reader(request), visible_service(request, code)
    needed(access.may_change_service(me, one))
    if request.method == "GET":
        return _form(request, one)
    try:
        facts = _facts(request, decides=access.may_decide_ownership(me))
        fresh = actions.change_service(one, by=me, version=_version(request), **facts)
    except Refused as no:
        return _form(request, one, no)
    return asking.done(request, _("The service is changed."), "service", fresh.code)


def _version(request: HttpRequest) -> int | None:
    """Return the version that was read. A form without one is of no version there ever was."""
    return asking.whole(request.POST.get("version", "")) or 0


def _facts(request: HttpRequest, *, decides: bool) -> Any:
    """Return what the form says; owner, criticality and code only from who decides about them."""
    me, sent = reader(request), request.POST
    facts: dict[str, Any] = {name: sent.get(name, "") for name in PLAIN}
    facts["team"] = asking.one_of(request, "team", teams_visible_to(me))
    facts |= hours.chosen(request)
    chosen = [number for text in sent.getlist("customers") if (number := asking.whole(text))]
    facts["customers"] = list(organisations_visible_to(me).filter(pk__in=chosen))
    if decides:
        facts["code"] = sent.get("code", "")
        facts["owner"] = asking.person_of(request, "owner")
        facts["criticality"] = asking.whole(sent.get("criticality", "")) or 0
    return facts


def _form(
    request: HttpRequest, one: Service | None = None, no: Refused | None = None
) -> HttpResponse:
    me = reader(request)
    present = one.team_id if one else None
    kept = _values(one) if one else {"state": "live", "kind": "business", "criticality": 3}
    given = _sent(request) if no else kept
    context = {
        "one": one,
        "given": asking.Given(given),
        "version": one.version if one else "",
        "conflict": _conflict(me, kept, given) if isinstance(no, Stale) else [],
        "decides": one is None or access.may_decide_ownership(me),
        "teams": asking.team_options(me, present),
        "calendars": hours.options(me, one.hours_id if one else None, _("The standard hours")),
        "customers": _customer_choices(request, one),
        "kinds": _choices(KINDS),
        "states": _choices(STATES),
        "criticalities": [
            {"value": level, "label": CRITICALITY[level], "hint": IF_IT_STOPS[level]}
            for level in CRITICALITY
        ],
        "errors": asking.errors_of(no),
    }
    return page(request, "services/service_form.jinja", context, no.status if no else 200)


def _choices(rows: list[Any]) -> list[dict[str, Any]]:
    return [{"value": key, "label": label, "hint": hint} for key, label, hint in rows]


def _customer_choices(request: HttpRequest, one: Service | None) -> list[dict[str, Any]]:
    rows = organisations_visible_to(reader(request)).filter(
        kind__in=("customer", "internal_provider")
    )
    known = rows.filter(is_active=True)
    if one is not None:
        known = known | rows.filter(services_used=one)
    pairs = known.distinct().values_list("pk", "name")[: asking.MOST_OPTIONS]
    return [{"value": str(number), "label": name} for number, name in pairs]


def _values(one: Service) -> dict[str, Any]:
    """Return a service as its form holds it."""
    return {
        **{name: getattr(one, name) for name in ("code", *PLAIN)},
        "owner": one.owner_id or "",
        "owner_text": one.owner.name if one.owner else "",
        "team": one.team_id or "",
        "hours": one.hours_id or "",
        "criticality": one.criticality,
        "customers": sorted(str(customer.pk) for customer in one.customers.all()),
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    names = ("code", *PLAIN, "owner", "owner_text", "team", "hours", "criticality")
    return {
        **{name: request.POST.get(name, "") for name in names},
        "customers": sorted(request.POST.getlist("customers")),
    }


def _conflict(me: Any, kept: Mapping[str, Any], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each field in which what is kept now and what was sent differ, in words."""
    words = _Words(me)
    return [
        {"label": LABELS[name], "before": words.of(name, kept), "after": words.of(name, given)}
        for name in LABELS
        if name in kept and name in given and _plain(kept[name]) != _plain(given[name])
        and not (name in ("code", "owner", "criticality") and given[name] == "")
    ]  # fmt: skip


def _plain(value: Any) -> str:
    return str(value).replace("\r\n", "\n").strip()


class _Words:
    """The words for the values of a form, ids by their names."""

    def __init__(self, me: Any) -> None:
        self.me = me

    def of(self, name: str, values: Mapping[str, Any]) -> str:
        """Return what a value says to a reader; nothing is said as a dash."""
        value = values[name]
        if name == "owner":
            return values.get("owner_text") or "–"
        if name == "team":
            return self._names(teams_visible_to(self.me), [value]) or "–"
        if name == "hours":
            return hours.name(self.me, value)
        if name == "customers":
            return self._names(organisations_visible_to(self.me), value) or "–"
        if name == "criticality":
            return str(CRITICALITY.get(asking.whole(str(value)) or 0, value))
        return dict((key, str(label)) for key, label, _hint in (*STATES, *KINDS)).get(
            value, str(value) or "–"
        )

    def _names(self, rows: Any, chosen: Any) -> str:
        ids = [number for one in chosen if (number := asking.whole(str(one)))]
        return ", ".join(rows.filter(pk__in=ids).values_list("name", flat=True))


@login_required
@require_http_methods(["GET", "POST"])
def offering_new(request: HttpRequest, code: str) -> HttpResponse:
    """Ask what a new offering of a service is, and add it."""
    one = visible_service(request, code)
    needed(access.may_change_service(reader(request), one))
    if request.method == "GET":
        return _offering_form(request, one)
    try:
        actions.add_offering(one, by=reader(request), **_offering_facts(request))
    except Refused as no:
        return _offering_form(request, one, no=no)
    return asking.done(request, _("The offering is added."), "service", code)


@login_required
@require_http_methods(["GET", "POST"])
def offering_change(request: HttpRequest, code: str, offering: str) -> HttpResponse:
    """Ask what is different about an offering, and change it unless somebody else just did."""
    me, one = reader(request), visible_service(request, code)
    found = offerings_visible_to(me).filter(service=one, code=offering).first()
    if found is None:
        raise Hidden("no_offering", _("There is no such offering."))
    needed(access.may_change_service(me, one))
    if request.method == "GET":
        return _offering_form(request, one, found)
    try:
        facts = _offering_facts(request)
        actions.change_offering(found, by=me, version=_version(request), **facts)
    except Refused as no:
        return _offering_form(request, one, found, no)
    return asking.done(request, _("The offering is changed."), "service", code)


def _offering_facts(request: HttpRequest) -> Any:
    given = {name: request.POST.get(name, "") for name in OFFERING_FIELDS}
    return {**given, **hours.chosen(request)}


def _offering_form(
    request: HttpRequest,
    one: Service,
    offering: Offering | None = None,
    no: Refused | None = None,
) -> HttpResponse:
    me, kept = reader(request), {}
    if offering:
        kept = {name: getattr(offering, name) for name in OFFERING_FIELDS}
        kept["hours"] = offering.hours_id or ""
    given = {name: request.POST.get(name, "") for name in (*OFFERING_FIELDS, "hours")}
    given = given if no else kept or {"state": "draft"}
    of_service = _("The hours of the service")
    words = {key: str(label) for key, label, _hint in OFFERING_STATES}
    context = {
        "one": one,
        "offering": offering,
        "given": asking.Given(given),
        "version": offering.version if offering else "",
        "calendars": hours.options(me, offering.hours_id if offering else None, of_service),
        "conflict": [
            {"label": LABELS[name], "before": _offered(me, words, name, kept[name]),
             "after": _offered(me, words, name, given[name])}
            for name in (*OFFERING_FIELDS, "hours")
            if kept and _plain(kept[name]) != _plain(given[name])
        ] if isinstance(no, Stale) else [],
        "states": _choices(OFFERING_STATES),
        "errors": asking.errors_of(no),
    }  # fmt: skip
    return page(request, "services/offering_form.jinja", context, no.status if no else 200)


def _offered(me: Any, words: Mapping[str, str], name: str, value: Any) -> str:
    return hours.name(me, value) if name == "hours" else words.get(value, value) or "–"


urlpatterns = [
    path("services/-/new", service_new, name="service_new"),
    path("services/<slug:code>/change", service_change, name="service_change"),
    path("services/<slug:code>/offerings/-/new", offering_new, name="offering_new"),
    path("services/<slug:code>/offerings/<slug:offering>", offering_change, name="offering"),
]
