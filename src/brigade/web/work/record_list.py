"""The list a reader came from: where the record stands in it, and the way through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from brigade.kernel.records.access import Standing
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.neighbours import Place


def place_of(request: HttpRequest, record: Record, standing: Standing) -> Place | None:
    """Return the record's place in the list that the address names, if it names one."""
    return None
