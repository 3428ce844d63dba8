"""The Statement of Adoption: every practice, chosen or not, with its reason; on paper too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from brigade.kernel.parties.tables import write_table
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.small_team import FEWER_THAN, small_team, staff_count
from brigade.kernel.recipes.statement import WAYS, Stand, circumstances, read_by, statement
from brigade.web.recipes.recipes import require_staff
from brigade.web.recipes.words import FRAMEWORKS
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.shell.times import localtime

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import SmallTeam

STATES: dict[str, str | Promise] = {
    "adopted": lazy("Adopted"),
    "planned": lazy("Planned"),
    "considered": lazy("Considered"),
    "declined": lazy("Declined"),
    "undecided": lazy("Undecided"),
}
HEADINGS: dict[str, str | Promise] = {
    "SS": lazy("Service Strategy"),
    "SD": lazy("Service Design"),
    "ST": lazy("Service Transition"),
    "SO": lazy("Service Operation"),
    "CSI": lazy("Continual Service Improvement"),
    "function": lazy("Functions"),
    "governance": lazy("Governance"),
    "discover": lazy("Discover"),
    "design": lazy("Design"),
    "acquire": lazy("Acquire"),
    "build": lazy("Build"),
    "transition": lazy("Transition"),
    "operate": lazy("Operate"),
    "deliver": lazy("Deliver"),
    "support": lazy("Support"),
}
"""Books and activities in words; a practice and a clause are their own."""


@login_required
@require_GET
def adoption(request: HttpRequest) -> HttpResponse:
    """Show the statement, by what is chosen or by the headings of a framework."""
    require_staff(request)
    stands = statement()
    by = request.GET.get("by", "")
    by = by if by in WAYS else ""
    small = small_team()
    context = {
        "chosen": sum(one.chosen for one in stands),
        "others": sum(not one.chosen for one in stands),
        "groups": _groups(stands, by),
        "tabs": _tabs(by),
        "by": by,
        "signed": circumstances(),
        "may_adopt": may_adopt(reader(request)),
        "small": small if small and small.rules else None,
        "holds": _holds(small),
        "clause": FRAMEWORKS["iso20000_1"],
    }
    return page(request, "adoption/statement.jinja", context)


@login_required
@require_GET
def adoption_csv(request: HttpRequest) -> HttpResponse:
    """Give the statement as a table with the words of every framework."""
    require_staff(request)
    names = ("practice", "title", "state", "level", "target_level", "owner", "reason", "review_on",
             "decided_by", "decided_at")  # fmt: skip
    text = write_table([*names, *FRAMEWORKS], [_csv_row(one) for one in statement()])
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="statement-of-adoption.csv"'
    return answer


def _csv_row(one: Stand) -> list[str]:
    row = _row(one)
    shown = (one.key, row["title"], one.state, row["level"], row["target"], row["owner"],
             one.reason, row["review_on"], row["by"], row["at"])  # fmt: skip
    named = [", ".join(getattr(one.manifest.maps, framework)) for framework in FRAMEWORKS]
    return ["" if value is None else str(value) for value in (*shown, *named)]


def _holds(small: SmallTeam | None) -> bool:
    return bool(small and small.rules) and staff_count() < FEWER_THAN


def _tabs(by: str) -> list[dict[str, Any]]:
    named = [("", _("Chosen or not")), *((way, FRAMEWORKS[way]) for way in WAYS)]
    return [
        {"label": label, "count": None, "href": f"?by={way}", "current": way == by}
        for way, label in named
    ]


def _groups(stands: Sequence[Stand], by: str) -> list[dict[str, Any]]:
    if by:
        return [
            {"title": HEADINGS.get(one.name, one.name), "rows": [_row(each) for each in one.stands]}
            for one in read_by(stands, by)
        ]
    chosen = [_row(one) for one in stands if one.chosen]
    others = [_row(one) for one in stands if not one.chosen]
    named = [(_("Chosen"), chosen), (_("Not chosen"), others)]
    return [{"title": title, "rows": rows} for title, rows in named if rows]


def _row(one: Stand) -> dict[str, Any]:
    decision = one.adoption
    level = decision.level if decision and one.chosen else 0
    return {
        "key": one.key,
        "title": _(one.manifest.title),
        "state": STATES[one.state],
        "runs": one.state == "adopted",
        "chosen": one.chosen,
        "installed": one.installed,
        "level": level or "",
        "brings": _(one.manifest.levels.get(level, "")) if level else "",
        "target": decision.target_level if decision else None,
        "owner": decision.owner.name if decision and decision.owner else None,
        "reason": one.reason,
        "beyond": _parts(one, beyond=True),
        "without": _parts(one, beyond=False),
        "waiver": decision.waiver if decision else "",
        "carried": decision.decision if decision else "",
        "review_on": decision.review_on if decision else None,
        "by": decision.decided_by.name if decision and decision.decided_by else None,
        "at": decision.decided_at if decision else None,
        "signed": localtime(decision.decided_at, "date") if decision else "",
        "clauses": ", ".join(one.manifest.maps.iso20000_1),
    }


def _parts(one: Stand, *, beyond: bool) -> str:
    """Return the parts taken beyond the level, or left out of it, in words."""
    decision = one.adoption
    named = (decision.facets_on if beyond else decision.facets_off) if decision else []
    return ", ".join(part.label for part in one.parts if part.key in named) if named else ""


urlpatterns = [
    path("adoption", adoption, name="adoption"),
    path("adoption.csv", adoption_csv, name="adoption_csv"),
]
