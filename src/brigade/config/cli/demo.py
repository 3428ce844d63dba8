"""`brigade demo`: the example organisation Meridian with a year of work."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.integrations.meridian import Loaded
    from brigade.kernel.parties.models import Person

PASSWORD = "brigade-demo"
HANDS = min(4, os.cpu_count() or 1) if sys.platform == "linux" else 1
"""How many processes play the year."""


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of Meridian with a password, to look at Brigade as them."""

    role: str
    email: str


def command(
    remove: Annotated[bool, typer.Option(help="Take the example data out again.")] = False,
    json: JsonOption = False,
) -> None:
    """Load the example organisation Meridian with a year of work into an empty installation.

    Some of its people get the password printed at the end: never do this on a
    server that others can reach.
    """
    out = Output(json)
    with installation() as here:
        from brigade.integrations import meridian

        if remove:
            gone = meridian.remove(by=here.operator)
            words = f"{gone.records:,} example records taken out, {gone.kept} rows in use kept."
            out.result({"removed": gone.records, "kept": gone.kept}, words)
            return
        if meridian.is_loaded():
            kept = _kept_logins()
            words = "\n".join(["Meridian is here already.", *_sign_ins(kept)])
            out.result({"loaded": False, "logins": _by_role(kept)}, words)
            return
        with out.progress("Playing a year at Meridian") as step:
            loaded = meridian.load(
                by=here.operator,
                step=lambda more, total: step(more, total=total),
                hands=HANDS,
            )
        logins = _logins(loaded, here.os_user)
    out.result(_account(loaded, logins), _words(loaded, logins))


def _account(loaded: Loaded, logins: list[Login]) -> dict[str, object]:
    return {
        "loaded": True,
        "records": loaded.records,
        "people": loaded.people,
        "seconds": round(loaded.seconds, 1),
        "password": PASSWORD,
        "logins": _by_role(logins),
    }


def _logins(loaded: Loaded, os_user: str) -> list[Login]:
    from brigade.integrations.meridian.building import DOMAIN
    from brigade.kernel.parties import actions
    from brigade.kernel.parties.administrators import administrators
    from brigade.kernel.parties.models import Organisation

    company, root = loaded.company, actions.operator("Brigade")
    chosen = {
        "employee": company.people[company.customers["finance"][0]],
        "agent": _busiest([company.people[key] for key in company.agents["desk"][1:]]),
        "lead": company.people[company.agents["desk"][0]],
    }
    logins = []
    for role, person in chosen.items():
        actions.set_password(person, PASSWORD, by=root, os_user=os_user)
        logins.append(Login(role, str(person.email)))
    if not administrators():
        address = f"ana.admin@meridian.{DOMAIN}"
        ana = actions.create_first_admin(
            email=address, name="Ana Admin", password=PASSWORD, timezone="Europe/London"
        )
        home = Organisation.objects.get(code="meridian")
        actions.change_person(ana, by=root, organisation=home)
        actions.change_installation(by=root, timezone="Europe/London", setup_done=True)
        logins.append(Login("administrator", address))
    return logins


def _busiest(people: list[Person]) -> Person:
    """Return who has most in hand, so that whoever looks around finds work to do."""
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.models.record import OPEN_CATEGORIES

    in_hand = Record.objects.filter(state_category__in=OPEN_CATEGORIES)
    return max(people, key=lambda person: in_hand.filter(assignee=person).count())


def _kept_logins() -> list[Login]:
    """Return who of Meridian can still sign in with the password that was printed."""
    from django.contrib.auth.hashers import check_password

    from brigade.integrations.meridian.building import DOMAIN
    from brigade.kernel.parties.models import Person

    people = Person.objects.filter(email__endswith=f".{DOMAIN}", is_active=True)
    able = people.exclude(password="").exclude(password__startswith="!").order_by("pk")
    return [
        Login(_role(person), str(person.email))
        for person in able
        if check_password(PASSWORD, person.password)
    ]


def _role(person: Person) -> str:
    from brigade.kernel.parties.held import holds

    names = {"admin": "administrator", "team_lead": "lead", "agent": "agent"}
    return next((name for role, name in names.items() if holds(person, role)), "employee")


def _words(loaded: Loaded, logins: list[Login]) -> str:
    came = f"{loaded.records:,} incidents of {loaded.people:,} people in {loaded.seconds:.0f} s."
    return "\n".join([came, *_sign_ins(logins)])


def _by_role(logins: list[Login]) -> dict[str, str]:
    return {login.role: login.email for login in logins}


def _sign_ins(logins: list[Login]) -> list[str]:
    if not logins:
        return []
    named = [f"  {login.role:<14} {login.email}" for login in logins]
    return [f"Sign in with the password {PASSWORD} as", *named]
