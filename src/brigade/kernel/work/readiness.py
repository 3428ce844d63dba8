"""What the rows say of the evidence a recipe asks for before a level is raised.

Counts over the whole installation, each with numerator and denominator. A window of
weeks ends now and is counted in days of 24 hours; months are whole months of the
reporting time zone, the last one that is over and those before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brigade.kernel import instants
from brigade.kernel.clocks.engine import STOPPED
from brigade.kernel.clocks.models import Clock
from brigade.kernel.measures import library as measures
from brigade.kernel.measures.figures import figures, zone
from brigade.kernel.measures.periods import period_at
from brigade.kernel.parties.lookups import relations_at
from brigade.kernel.parties.models import Team
from brigade.kernel.recipes import evidence, readiness
from brigade.kernel.recipes.evidence import Answer, Asked
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.services.models import Service
from brigade.kernel.work.recipe_facts import COLUMNS


def figure_computed(_kind: str, asked: Asked) -> Answer:
    """Count the last whole months in which a figure has a value: closed, or from enough rows."""
    definition = measures.installed().get(asked.subject)
    said = {"figure": asked.subject, "den": asked.number}
    if definition is None:
        sentence = _("%(figure)s is not measured here, so it was never computed.")
        return Answer(0, asked.number, sentence % said)
    months = period_at(instants.now(), zone()).step(-1).leading(asked.number)
    num = sum(one.value is not None for one in figures(None, definition, months))
    if not num:
        sentence = ngettext(
            "%(figure)s was never computed: it has no value in the last whole month.",
            "%(figure)s was never computed: it has no value in the last %(den)d whole months.",
            asked.number,
        )
        return Answer(0, asked.number, sentence % said)
    sentence = ngettext(
        "%(figure)s has a value in the last whole month.",
        "%(figure)s has a value in %(num)d of the last %(den)d whole months.",
        asked.number,
    )
    return Answer(num, asked.number, sentence % {**said, "num": num})


def resolved_here(kind: str, asked: Asked) -> Answer:
    """Count which of the records resolved lately were resolved by a step taken here.

    What an import brought as resolved, and nobody moved since, was resolved elsewhere.
    """
    since = _weeks_ago(asked.number)
    step = JournalEntry.objects.filter(record=OuterRef("pk"), kind="moved", at__gte=since)
    rows = Record.objects.filter(kind=kind, resolved_at__gte=since).exclude(
        state_category="cancelled"
    )
    here = Q(source="") | Q(Exists(step.exclude(origin="import")))
    found = rows.aggregate(num=Count("id", filter=here), den=Count("id"))
    return _share(
        asked, found["num"], found["den"],
        _("%(num)d of %(den)d that were resolved in the last %(weeks)d weeks went through the "
          "tool: %(percent)s %%."),
        _("Nothing was resolved in the last %(weeks)d weeks."),
    )  # fmt: skip


def field_set(kind: str, asked: Asked) -> Answer:
    """Count on how many of the records opened lately a field is filled in."""
    rows = Record.objects.filter(kind=kind, opened_at__gte=_weeks_ago(asked.number)).exclude(
        state_category="cancelled"
    )
    column = COLUMNS.get(asked.subject)
    if column is None:
        empty = Q(**{f"data__{asked.subject}__isnull": True}) | Q(**{f"data__{asked.subject}": ""})
        empty |= Q(**{f"data__{asked.subject}": None})
    elif column.endswith("_id") or asked.subject in ("impact", "urgency", "priority"):
        empty = Q(**{f"{column}__isnull": True})
    else:
        empty = Q(**{column: ""})
    found = rows.aggregate(num=Count("id", filter=~empty), den=Count("id"))
    return _share(
        asked, found["num"], found["den"],
        _("“%(field)s” is filled in on %(num)d of %(den)d that were opened in the last %(weeks)d "
          "weeks: %(percent)s %%."),
        _("Nothing was opened in the last %(weeks)d weeks."),
    )  # fmt: skip


def clock_paused(kind: str, asked: Asked) -> Answer:
    """Add up the open time that a clock was paused, of all the open time until it stopped."""
    since = _weeks_ago(asked.number)
    rows = Clock.objects.filter(record__kind=kind, name=asked.subject)
    rows = rows.filter(state=STOPPED, stopped_at__gte=since)
    found = rows.aggregate(num=Sum("paused"), den=Sum(F("counted") + F("paused")))
    return _share(
        asked, found["num"] or 0, found["den"] or 0,
        _("Of the time until “%(field)s” stopped, in the last %(weeks)d weeks, %(percent)s %% "
          "was paused."),
        _("No clock “%(field)s” stopped in the last %(weeks)d weeks."),
    )  # fmt: skip


def teams_led(_kind: str, _asked: Asked) -> Answer:
    """Count the teams at work that somebody leads."""
    leads = relations_at(instants.now()).filter(kind="leads", person__is_active=True)
    led = Exists(leads.filter(team=OuterRef("pk")))
    found = Team.objects.filter(is_active=True).aggregate(
        num=Count("id", filter=led), den=Count("id")
    )
    if not found["den"]:
        return Answer(0, 0, _("There is no team yet."))
    sentence = _("%(num)d of %(den)d teams have a lead.") % found
    return Answer(found["num"], found["den"], sentence)


def services_owned(_kind: str, _asked: Asked) -> Answer:
    """Count the live services that somebody owns who still works here."""
    found = Service.objects.filter(state="live").aggregate(
        num=Count("id", filter=Q(owner__is_active=True)), den=Count("id")
    )
    if not found["den"]:
        return Answer(0, 0, _("No service is live yet."))
    sentence = _("%(num)d of %(den)d live services have an owner.") % found
    return Answer(found["num"], found["den"], sentence)


def _weeks_ago(weeks: int) -> datetime:
    return instants.now() - timedelta(weeks=weeks)


def _share(asked: Asked, num: int, den: int, sentence: str, nothing: str) -> Answer:
    said = {"field": asked.subject, "num": num, "den": den, "weeks": asked.number}
    if not den:
        return Answer(0, 0, nothing % said)
    tenths = num * 1000 // den
    percent = number_format(tenths / 10, 1 if tenths % 10 else 0)
    return Answer(num, den, sentence % {**said, "percent": percent})


def register() -> None:
    """Let recipes ask for this evidence."""
    for name, check in (
        (evidence.FIGURE_COMPUTED, figure_computed),
        (evidence.RESOLVED_HERE, resolved_here),
        (evidence.FIELD_SET, field_set),
        (evidence.CLOCK_PAUSED, clock_paused),
        (evidence.TEAMS_LED, teams_led),
        (evidence.SERVICES_OWNED, services_owned),
    ):
        readiness.register(name, check)
