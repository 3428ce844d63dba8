"""From a number in an address to a record the caller may read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext as _

from brigade.api.frame.answers import etag
from brigade.api.frame.door import caller
from brigade.api.work import present
from brigade.kernel.parties.queries import teams_visible_to
from brigade.kernel.records.access import Standing, allows, hidden
from brigade.kernel.records.by_number import is_named, named_like, record_by_number
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Hidden, Invalid, NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, Team
    from brigade.kernel.records.models import Record

NUMBER = re.compile(r"[A-Z]{1,10}-[0-9]{1,18}")


class Found:
    """A record the caller may read, with the caller's standing, read once."""

    def __init__(self, request: HttpRequest, number: str) -> None:
        self.person = caller(request)
        self.standing = Standing.of(self.person)
        record = record_by_number(self.standing, number) if NUMBER.fullmatch(number) else None
        if record is None:
            raise hidden()
        self._hold(record)

    def _hold(self, record: Record) -> None:
        self.record = record
        self.internal = allows(self.standing, "internal", record)

    @classmethod
    def made(cls, request: HttpRequest, record: Record) -> Found:
        """Return what the caller has just opened, as the write left it where that says it all."""
        me = caller(request)
        standing = Standing.of(me)
        if not (is_named(record) and allows(standing, "read", record)):
            return cls(request, record.number)
        found = cls.__new__(cls)
        found.person, found.standing = me, standing
        found._hold(record)
        return found

    def after(self, request: HttpRequest, written: Record) -> Answer:
        """Return the record as a write has left it; a 204 where it is out of the caller's reach.

        Where it refers to the same as before, there is nothing to read again.
        """
        number = self.record.number
        if not (allows(self.standing, "read", written) and named_like(written, self.record)):
            return shown(request, number)
        self._hold(written)
        return self.answer()

    def need_desk(self) -> None:
        """Raise NotPermitted where the caller reads no more than the record's public side."""
        if not (self.internal or allows(self.standing, "update", self.record)):
            raise NotPermitted("not_permitted", _("This is for the people who work on the record."))

    def need_internal(self) -> None:
        """Raise NotPermitted where the caller does not read the desk's own side of the record."""
        if not self.internal:
            raise NotPermitted("not_permitted", _("This is for the desk alone."))

    def answer(self, status: int = 200) -> Answer:
        """Return the record as an answer, with its version as the ETag."""
        body = present.record(self.record, internal=self.internal)
        return Answer(status, body, {"ETag": etag(self.record.version)})


def team_named(me: Person, team_id: int | None) -> Team | None:
    """Return a team the caller may see; raises Invalid for any other."""
    if team_id is None:
        return None
    team = teams_visible_to(me).filter(pk=team_id).first()
    if team is None:
        raise Invalid("bad_value", _("There is no such team. Choose another."), "team")
    return team


def shown(request: HttpRequest, number: str, status: int = 200) -> Answer:
    """Return a record as it is after something was done to it.

    A record that has been handed on out of the caller's reach is a 204.
    """
    try:
        return Found(request, number).answer(status)
    except Hidden:
        return Answer(204)
