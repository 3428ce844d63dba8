"""Bringing a database to the state that this version of Brigade needs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from brigade.kernel.refused import Refused

LOCK = 7_262_617_465
"""Key of the advisory lock that keeps two upgrades apart."""


@dataclass
class Upgrade:
    """What an upgrade did: the migrations applied, and the practices adopted for a start."""

    applied: list[str] = field(default_factory=list)
    adopted: list[str] = field(default_factory=list)


def pending() -> list[str]:
    """Return the migrations that the database lacks, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def fresh() -> bool:
    """Whether no migration has been applied to the database yet."""
    return not MigrationExecutor(connection).loader.applied_migrations


def ready_or_first_state(os_user: str) -> None:
    """Make an empty database usable; refuse one that another version of Brigade left behind."""
    missing = pending()
    if not missing:
        return
    if not fresh():
        raise Refused(
            "migrations_pending",
            _(
                "The database is of an older version of Brigade (%(count)d migrations are "
                "missing). Take a backup with `brigade backup`, then run `brigade migrate`."
            )
            % {"count": len(missing)},
        )
    upgrade(os_user)


def upgrade(os_user: str, step: Callable[[str], Any] | None = None) -> Upgrade:
    """Apply every missing migration and give a fresh installation its first practice.

    `step` is called with the name of each migration before it runs. Two
    upgrades at once wait for each other. Nothing is asked and nothing that
    anybody decided is changed.
    """
    done = Upgrade()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        _migrate(done, step or (lambda name: None))
        _adopt(done, os_user)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])
    return done


def _migrate(done: Upgrade, step: Callable[[str], Any]) -> None:
    def tell(action: str, migration: Any = None, fake: bool | None = False, /) -> None:
        if action == "apply_start" and migration is not None:
            step(f"{migration.app_label}.{migration.name}")
            done.applied.append(f"{migration.app_label}.{migration.name}")

    executor = MigrationExecutor(connection, tell)
    executor.loader.check_consistent_history(connection)
    targets = executor.loader.graph.leaf_nodes()
    executor.migrate(targets, executor.migration_plan(targets))


def _adopt(done: Upgrade, os_user: str) -> None:
    from brigade.kernel.calendars.first import standard_calendars
    from brigade.kernel.parties.actions import operator
    from brigade.kernel.recipes.actions import adopt_provisionally

    with transaction.atomic() if not connection.in_atomic_block else nullcontext():
        standard_calendars(by=operator("Console"))
        adopted = adopt_provisionally(by=operator("Console"))
    done.adopted.extend(each.key for each in adopted)
