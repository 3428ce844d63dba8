"""`brigade restore`: an empty installation filled from a backup."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output
from brigade.kernel.refused import Invalid, Refused

Source = Annotated[Path, typer.Argument(help="File that `brigade backup` wrote.")]


def command(file: Source, json: JsonOption = False) -> None:
    """Fill an empty installation from a backup. What has data already is left alone."""
    out = Output(json)
    with installation(migrated=False) as here:
        from django.conf import settings
        from django.db import connection

        from brigade.config import upgrading
        from brigade.config.backups import archive, programs

        manifest = archive.manifest_of(file)
        _refuse_what_cannot_be_read(manifest.migrations, manifest.postgresql, manifest.brigade)
        home = here.environment.home
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as name:
            folder = Path(name)
            with out.progress("Unpacking", total=len(manifest.contents)) as step:
                archive.unpack(file, manifest, folder, step)
            with out.progress("Filling the database") as step:
                programs.load(folder / archive.DATABASE, step)
            if (folder / archive.FILES).is_dir():
                settings.MEDIA_ROOT.parent.mkdir(parents=True, exist_ok=True)
                shutil.copytree(folder / archive.FILES, settings.MEDIA_ROOT, dirs_exist_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        done = upgrading.upgrade(here.os_user)
        out.result(
            {
                "home": str(home),
                "made_at": manifest.made_at,
                "brigade": manifest.brigade,
                "files": len(manifest.contents) - 1,
                "applied": done.applied,
            },
            f"Restored what {file} held on {manifest.made_at[:16]}. "
            "Prove the journal with `brigade audit verify`.",
        )


def _refuse_what_cannot_be_read(migrations: list[str], postgresql: int, brigade: str) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from brigade.config.backups import programs

    loader = MigrationLoader(connection)
    if loader.applied_migrations:
        raise Refused(
            "not_empty",
            "This installation has data. A backup is restored into an empty one: set BRIGADE_HOME "
            "to a new folder, or DATABASE_URL to an empty database.",
        )
    known = {f"{app}.{name}" for app, name in loader.disk_migrations or {}}
    if unknown := sorted(set(migrations) - known):
        raise Invalid(
            "backup_newer",
            f"The backup was made by Brigade {brigade}, which is newer than this one (it knows "
            f"{unknown[0]}). Install that version and restore again.",
            "file",
        )
    if postgresql > programs.server_major():
        raise Invalid(
            "postgresql_version",
            f"The backup was made from PostgreSQL {postgresql}; this server is version "
            f"{programs.server_major()}. Use PostgreSQL {postgresql} or newer.",
            "file",
        )
