"""The actor is named for the block, and for nothing after it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Team
from brigade.kernel.records.models import JournalEntry
from tests.cast import Cast


def last_actor() -> int | None:
    return JournalEntry.objects.filter(subject_type="team").latest("id").actor_id


def test_nothing_is_written_in_nobodys_name(cast: Cast) -> None:
    with acting(cast.ada):
        Team.objects.create(name="In a name")
    with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
        Team.objects.create(name="In nobody's name")


def test_an_inner_name_gives_way_to_the_outer_one(cast: Cast) -> None:
    with acting(cast.ada):
        with acting(cast.amos):
            Team.objects.create(name="One")
            assert last_actor() == cast.amos.pk
        Team.objects.create(name="Two")
        assert last_actor() == cast.ada.pk


def test_a_failure_inside_leaves_the_outer_name(cast: Cast) -> None:
    with acting(cast.ada):
        with pytest.raises(RuntimeError), acting(cast.amos):
            raise RuntimeError
        Team.objects.create(name="Three")
        assert last_actor() == cast.ada.pk


def test_how_it_came_is_kept(cast: Cast) -> None:
    for given, origin in (
        ({}, "page"),
        ({"os_user": "root"}, "cli"),
        ({"origin": "import", "os_user": "root"}, "import"),
    ):
        with acting(cast.ada, **given):
            Team.objects.create(name=f"Team {origin}")
        entry = JournalEntry.objects.filter(subject_type="team").latest("id")
        assert (entry.origin, entry.os_user) == (origin, given.get("os_user", ""))
