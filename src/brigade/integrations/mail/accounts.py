"""Mail about accounts: sign-in's own mails and invitations, through the outbox.

Links are made under the installation's own address, never under the host name
that a request happened to carry.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from brigade.integrations.mail.places import page_url
from brigade.kernel import instants
from brigade.kernel.outbox.account_mail import queue_account_mail
from brigade.kernel.parties.access import may_edit_person
from brigade.kernel.parties.models import Person
from brigade.kernel.refused import NotPermitted, Refused

if TYPE_CHECKING:
    from brigade.kernel.outbox.models import Message

log = structlog.get_logger(__name__)


class AccountMail(DefaultAccountAdapter):
    """The adapter's mail side: what allauth would send at once is queued instead."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail of allauth's to the person with this address.

        An address that nobody here has gets none: else the sign-in page would
        send mail to strangers for whoever types their address.
        """
        person = context.get("user") or Person.objects.filter(email=email.lower()).first()
        if person is None:
            log.info("account_mail_to_nobody", template=template_prefix)
            return
        if "password_reset_url" in context:
            link = page_url(urlsplit(context["password_reset_url"]).path)
            queue_account_mail(person, "reset", {"link": link}, expires_at=_expiry())
            return
        with translation.override(person.language):
            mail = self.render_mail(template_prefix, email, {"email": email} | context)
        queue_account_mail(person, "account", {"subject": mail.subject, "text": str(mail.body)})


def invite(person: Person, *, by: Person) -> Message:
    """Mail a person a link with which to choose a first password and sign in.

    Refused for somebody without an address and for a disabled one.
    """
    if not may_edit_person(by, person):
        raise NotPermitted("not_permitted", _("Only an administrator invites people."))
    if not person.is_active or person.is_system:
        raise Refused("not_invitable", _("This account is disabled. Enable it, then invite."))
    if not person.email:
        raise Refused("no_address", _("Give the person a mail address first."), "email")
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": key},
    )
    link = {"link": page_url(path)}
    return queue_account_mail(person, "invitation", link, expires_at=_expiry())


def _expiry() -> datetime:
    return instants.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
