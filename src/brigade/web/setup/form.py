"""The six questions as plain values: what each is answered with at first, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.parties import rules
from brigade.kernel.parties.actions.setup import Helper, SetupAnswers
from brigade.kernel.refused import Invalid

if TYPE_CHECKING:
    from django.http import QueryDict

    from brigade.kernel.parties.models import Installation, Person

QUESTIONS = ("organisation", "hours", "help", "mail", "services", "recipes")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SERVICES = 3
MOST_HELPERS = 50
COMMON = frozenset({"gmail", "outlook", "hotmail", "gmx", "web", "icloud", "yahoo", "proton"})
"""Where people have mail who have none of their organisation's."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_HELPER = re.compile(r"(?P<name>.*?)[\s,;<]*(?P<email>[^\s<>,;]+@[^\s<>,;]+)>?")


@dataclass(slots=True)
class Form:
    """The page as it is filled in; `later` holds the questions left for later."""

    name: str = ""
    timezone: str = "UTC"
    when: str = "office"
    days: list[str] = field(default_factory=lambda: list(DAYS[:5]))
    opens: str = "08:00"
    shuts: str = "17:00"
    team: str = ""
    helping: bool = True
    helpers: str = ""
    mail_from: str = ""
    phone: str = ""
    services: list[str] = field(default_factory=list)
    accountable: bool = True
    later: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at_first(cls, row: Installation, person: Person) -> Form:
        """Return a sound answer to every question."""
        domain = (person.email or "").partition("@")[2]
        return cls(
            name=row.name or _name_from(domain),
            timezone=row.timezone if row.timezone != "UTC" else person.timezone,
            team=row.default_team.name if row.default_team else _("Service desk"),
            mail_from=row.mail_from or (f"help@{domain}" if "." in domain else ""),
            phone=row.support_phone,
            services=[_("Mail and calendar"), _("Computers and phones"), _("Network and Wi-Fi")],
        )

    @classmethod
    def of(cls, sent: QueryDict) -> Form:
        """Read what was sent."""
        plain: Mapping[str, str] = sent.dict()  # type: ignore[assignment]
        form = cls(
            name=plain.get("name", "").strip(),
            timezone=plain.get("timezone", "").strip(),
            when=plain.get("when", "").strip(),
            opens=plain.get("opens", "").strip(),
            shuts=plain.get("shuts", "").strip(),
            team=plain.get("team", "").strip(),
            helpers=plain.get("helpers", "").strip(),
            mail_from=plain.get("mail_from", "").strip(),
            phone=plain.get("phone", "").strip(),
        )
        form.timezone = form.timezone or plain.get("timezone_text", "").strip()
        form.days = [day for day in DAYS if day in sent.getlist("days")]
        form.helping, form.accountable = "helping" in sent, "accountable" in sent
        form.services = [name.strip() for name in sent.getlist("service")[:SERVICES]]
        form.later = [one for one in QUESTIONS if one in sent.getlist("later")]
        return form

    def answered(self, question: str) -> bool:
        """Tell whether a question is answered now."""
        return question not in self.later

    def answers(self) -> SetupAnswers:
        """Return the answers about parties; every problem is noted in `errors`."""
        found: dict[str, Any] = {}
        if self.answered("organisation"):
            found["organisation"] = self._checked("name", rules.text, self.name)
        if self.answered("hours"):
            found["timezone"] = self._checked("timezone", rules.timezone, self.timezone)
            found["hours"] = self._hours()
        if self.answered("help"):
            found["team"] = self._checked("team", rules.text, self.team)
            found["helpers"], found["helping"] = self._helpers(), self.helping
        if self.answered("mail"):
            address = self._checked("mail_from", rules.email, self.mail_from)
            found["mail_from"], found["support_phone"] = address or "", self.phone
            if len(self.phone) > 60:
                self.errors["phone"] = _("At most %(count)d characters, please.") % {"count": 60}
        if self.answered("services"):
            self._check_services()
        return SetupAnswers(**{key: value for key, value in found.items() if value})

    def _checked(self, name: str, rule: Any, value: str) -> Any:
        try:
            return rule(value, name)
        except Invalid as no:
            self.errors[name] = str(no.message)
            return None

    def _hours(self) -> dict[str, list[list[str]]]:
        if self.when == "always":
            return {day: [["00:00", "24:00"]] for day in DAYS}
        times = _TIME.fullmatch(self.opens) and _TIME.fullmatch(self.shuts)
        if not times or self.opens >= self.shuts:
            self.errors["opens"] = _("Give two times such as 08:00 and 17:00, the earlier first.")
        if not self.days:
            self.errors["days"] = _("Choose at least one day.")
        return {day: [[self.opens, self.shuts]] for day in self.days}

    def _helpers(self) -> tuple[Helper, ...]:
        lines = [line.strip() for line in self.helpers.splitlines() if line.strip()]
        found: dict[str, Helper] = {}
        for line in lines[:MOST_HELPERS]:
            fits = _HELPER.fullmatch(line)
            try:
                name = rules.text(fits["name"] if fits else "", "helpers")
                address = rules.email(fits["email"] if fits else "", "helpers", required=True)
                found[address or ""] = Helper(name, address or "")
            except Invalid:
                said = _("Write “%(line)s” as a name and a mail address.")
                self.errors["helpers"] = said % {"line": line[:60]}
        return tuple(found.values())

    def _check_services(self) -> None:
        for number, name in enumerate(self.services, 1):
            if len(name) > 200:
                self.errors[f"service-{number}"] = _("This name is too long.")


def _name_from(domain: str) -> str:
    """Return what an organisation is likely called whose mail is at this domain."""
    first, dot, _rest = domain.partition(".")
    return "" if not dot or first in COMMON else first.replace("-", " ").title()
