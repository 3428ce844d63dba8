"""A person: the user model. Most people are requesters, and many have no password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from brigade.kernel import instants
from brigade.kernel.parties.names import folded, tidy_email


class PersonManager(BaseUserManager["Person"]):
    """Finds people by address; making them is the business of `actions`."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person with this address, however it was typed."""
        return self.get(email=tidy_email(username))


class Person(AbstractBaseUser):
    """Somebody who asks, works, decides or is merely named.

    `email` is null for people known by name only. `is_system` marks the named
    operator accounts ("Brigade", "Import", the console), which never sign in.
    `credentials_version` is part of every session's hash: raising it ends them
    all at the next request. `rights_version` changes with anything that a
    cached identity rests on (see migration 0002) and is never used twice.
    """

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        GERMAN = "de", _("German")

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(null=True, blank=True, max_length=254)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=400, db_collation="C", editable=False)
    title = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=60, blank=True, default="")
    organisation = models.ForeignKey(
        "parties.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    timezone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    single_keys = models.BooleanField(default=True)
    nav_open = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=instants.now)
    disabled_at = models.DateTimeField(null=True, blank=True)
    pseudonymised_at = models.DateTimeField(null=True, blank=True)
    credentials_version = models.PositiveIntegerField(default=1)
    rights_version = models.BigIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = (
            models.Index(fields=["sort_name", "id"], name="parties_person_by_name"),
            models.Index(fields=["organisation", "sort_name", "id"], name="parties_person_by_org"),
        )
        constraints = (
            models.UniqueConstraint(fields=["email"], name="parties_person_email_unique"),
            models.CheckConstraint(
                condition=Q(email__isnull=True) | (Q(email=Lower("email")) & ~Q(email="")),
                name="parties_person_email_lower",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="parties_person_has_name"),
            models.CheckConstraint(
                condition=Q(language__in=["en", "de"]), name="parties_person_language"
            ),
            models.CheckConstraint(
                condition=Q(theme__in=["system", "light", "dark"]), name="parties_person_theme"
            ),
            models.CheckConstraint(
                condition=Q(density__in=["comfortable", "compact"]),
                name="parties_person_density",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at__isnull=True)
                | Q(is_active=False, disabled_at__isnull=False),
                name="parties_person_disabled_since",
            ),
            models.CheckConstraint(
                condition=Q(pseudonymised_at__isnull=True) | Q(is_active=False, email__isnull=True),
                name="parties_person_pseudonym_is_out",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kw: Any) -> None:
        """Keep address and sort name in their one form, whoever makes the row."""
        self.email = tidy_email(self.email)
        self.sort_name = folded(self.name)
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "sort_name"}
        super().save(*args, update_fields=update_fields, **kw)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Return what a session must still match, so that ending all of them is one column."""
        return salted_hmac(
            "brigade.kernel.parties.Person.session",
            f"{self.password}:{self.credentials_version}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()
