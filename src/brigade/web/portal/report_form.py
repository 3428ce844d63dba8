"""The report form as plain values, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.services.queries import services_usable_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brigade.kernel.parties.models import Person

MOST_AFFECTED = 1_000_000
TITLE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Given:
    """The form as it was filled in: `still_works` is yes, no or empty, `affected` digits."""

    title: str = ""
    description: str = ""
    still_works: str = ""
    affected: str = "1"
    service: str = ""
    service_text: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Given:
        """Read it from what was sent or kept."""
        return cls(**{name: str(values[name]) for name in cls.__slots__ if name in values})

    def told(self) -> dict[str, Any]:
        """Return what it says so far by field, for questions that depend on it."""
        return {
            "urgent": self.still_works == "no",
            "affected_users": self.affected,
            "service": self.service,
        }

    def kept(self) -> dict[str, str]:
        """Return what a draft keeps: nothing where nothing was typed yet."""
        typed = self.title.strip() or self.description.strip()
        return {name: getattr(self, name) for name in self.__slots__} if typed else {}


@dataclass(slots=True)
class Checked:
    """The fields a report opens with, and every problem found, by field."""

    fields: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def check(given: Given, person: Person) -> Checked:
    """Check every field, so that all problems are told at once."""
    found = Checked()
    found.fields = {"title": given.title, "description": given.description}
    found.fields["requester"] = person.pk
    if not given.title.strip():
        found.errors["title"] = _("Say in one line what is wrong.")
    elif len(given.title.strip()) > TITLE_LIMIT:
        found.errors["title"] = _("Say it in one line; the rest belongs into the next field.")
    if given.still_works not in ("yes", "no"):
        found.errors["still_works"] = _("Say whether you can go on working.")
    found.fields["urgent"] = given.still_works == "no"
    affected = given.affected.strip() or "1"
    if not affected.isdecimal() or int(affected[:9]) > MOST_AFFECTED or len(affected) > 9:
        found.errors["affected"] = _("Give the number of people in digits, for example 3.")
    else:
        found.fields["affected_users"] = int(affected)
    if given.service or given.service_text.strip():
        _check_service(given, person, found)
    return found


def _check_service(given: Given, person: Person, found: Checked) -> None:
    """Take the service chosen, or, without script, the one whose name was typed."""
    usable = services_usable_by(person)
    if given.service.isdecimal():
        service = usable.filter(pk=int(given.service[:18])).first()
    else:
        service = usable.filter(name__iexact=given.service_text.strip()).first()
    if service is None:
        found.errors["service"] = _("Choose one from the list, or leave it empty.")
    else:
        found.fields["service"] = service.pk
