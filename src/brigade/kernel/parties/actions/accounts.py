"""The account of a person: preferences, password, and the end of it."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import access, administrators, rules, sign_in, writes
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions.people import refuse_gone
from brigade.kernel.parties.models import ApiToken, Person, RoleGrant
from brigade.kernel.refused import Invalid, Refused


class Preferences(TypedDict, total=False):
    """How somebody likes to work; a key left out stays as it is."""

    phone: str
    language: str
    timezone: str
    theme: str
    density: str
    single_keys: bool
    nav_open: dict[str, bool]


def change_preferences(person: Person, *, by: Person, **wishes: Unpack[Preferences]) -> Person:
    """Change one's own preferences. Nobody else's: they are not an administrator's business."""
    access.needed(by.pk == person.pk)
    with acting(by):
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        _apply(fresh, wishes)
        fresh.save(update_fields=list(wishes))
    return fresh


def _apply(person: Person, wishes: Preferences) -> None:
    if "phone" in wishes:
        person.phone = rules.text(wishes["phone"], "phone", longest=60, required=False)
    if "language" in wishes:
        person.language = rules.one_of(wishes["language"], rules.LANGUAGES, "language")
    if "timezone" in wishes:
        person.timezone = rules.timezone(wishes["timezone"])
    if "theme" in wishes:
        person.theme = rules.one_of(wishes["theme"], rules.THEMES, "theme")
    if "density" in wishes:
        person.density = rules.one_of(wishes["density"], rules.DENSITIES, "density")
    if "single_keys" in wishes:
        person.single_keys = bool(wishes["single_keys"])
    if "nav_open" in wishes:
        person.nav_open = rules.switches(wishes["nav_open"], "nav_open")


def set_password(person: Person, password: str, *, by: Person, os_user: str = "") -> Person:
    """Give a person a password: they themselves, or the command line. Ends their sessions."""
    access.needed(by.pk == person.pk or access.is_operator(by))
    with acting(by, os_user=os_user):
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        refuse_gone(fresh)
        try:
            validate_password(password, fresh)
        except ValidationError as weak:
            raise Invalid("password", " ".join(weak.messages), "password") from weak
        fresh.set_password(password)
        fresh.save(update_fields=["password"])
    return fresh


def end_sessions(person: Person, *, by: Person, os_user: str = "") -> Person:
    """Sign a person out everywhere; their tokens live on."""
    access.needed(by.pk == person.pk or access.may_edit_person(by, person))
    with acting(by, os_user=os_user):
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        fresh.credentials_version += 1
        fresh.save(update_fields=["credentials_version"])
    return fresh


def disable_person(person: Person, *, by: Person, os_user: str = "") -> Person:
    """End at once every way in that a person has: sessions, tokens, roles.

    Sessions end because their hash holds `credentials_version`; tokens are
    looked up with the person's state at every use; roles are taken away, so
    that somebody who returns starts as a requester. Relations stay as history.
    The last administrator cannot go.
    """
    with acting(by, os_user=os_user):
        writes.one_rights_change_at_a_time()
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        access.needed(access.may_edit_person(by, fresh))
        if fresh.pk == by.pk:
            raise Refused("own_account", _("Somebody else has to disable your account."))
        refuse_gone(fresh)
        end_everything(fresh)
    return fresh


def end_everything(person: Person) -> None:
    """Disable a locked row inside the caller's transaction, who holds the turn for rights."""
    if not person.is_active:
        return
    administrators.refuse_last(without_person=person.pk)
    now = instants.now()
    person.is_active = False
    person.disabled_at = now
    person.credentials_version += 1
    person.save(update_fields=["is_active", "disabled_at", "credentials_version"])
    ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now)
    live = RoleGrant.objects.filter(person=person).exclude(state=RoleGrant.State.REVOKED)
    live.filter(valid_to__isnull=True).update(valid_to=Greatest("valid_from", now))
    live.filter(valid_to__gt=now).update(valid_to=Greatest("valid_from", now))
    live.update(state=RoleGrant.State.REVOKED)


def enable_person(person: Person, *, by: Person, os_user: str = "") -> Person:
    """Let a disabled person in again, as a requester: no token, no session, no role returns."""
    with acting(by, os_user=os_user):
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        access.needed(access.may_edit_person(by, fresh))
        refuse_gone(fresh)
        fresh.is_active, fresh.disabled_at = True, None
        fresh.save(update_fields=["is_active", "disabled_at"])
    return fresh


def pseudonymise_person(person: Person, *, by: Person, os_user: str = "") -> Person:
    """Erase who somebody was, and keep that there was somebody.

    The id stays, so that every record and entry still says that one and the
    same person did it; name, address, phone and ways to sign in go for good.
    """
    with acting(by, os_user=os_user):
        writes.one_rights_change_at_a_time()
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        access.needed(access.may_administer(by))
        if fresh.pk == by.pk:
            raise Refused("own_account", _("Somebody else has to erase your details."))
        refuse_gone(fresh)
        end_everything(fresh)
        fresh.name = _("Former person %(number)d") % {"number": fresh.pk}
        fresh.email, fresh.title, fresh.phone, fresh.nav_open = None, "", "", {}
        fresh.pseudonymised_at = instants.now()
        fresh.set_unusable_password()
        fresh.save()
        sign_in.forget_everything(fresh)
    return fresh
