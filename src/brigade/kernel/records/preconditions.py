"""Writing only to what one has seen: the strict form of optimistic locking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.records.models import Record
from brigade.kernel.refused import Stale

if TYPE_CHECKING:
    from collections.abc import Collection


@contextmanager
def unchanged(record: Record, versions: Collection[int] | None) -> Iterator[None]:
    """Hold the record at one of `versions` while the block writes to it; None holds nothing.

    Where the fields of two people would merge, this refuses all the same. Raises
    Stale where the record is at another version.
    """
    if versions is None:
        yield
        return
    with transaction.atomic():
        version = (
            Record.objects.select_for_update().values_list("version", flat=True).get(pk=record.pk)
        )
        if version not in versions:
            raise Stale(
                "changed_meanwhile",
                _("This record has changed since you read it. Read it again, then decide."),
                theirs={"version": version},
            )
        yield
