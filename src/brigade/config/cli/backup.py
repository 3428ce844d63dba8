"""`brigade backup`: everything in one file."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output
from brigade.kernel.refused import Invalid

Target = Annotated[Path | None, typer.Argument(help="File to write; by default named by the time.")]


def command(file: Target = None, json: JsonOption = False) -> None:
    """Write the whole installation into one file. Everybody can go on working meanwhile."""
    out = Output(json)
    with installation(migrated=False):
        from django.conf import settings
        from django.db import connection
        from django.db.migrations.recorder import MigrationRecorder

        from brigade.config.backups import archive, programs
        from brigade.kernel import instants

        now = instants.now()
        target = (file or Path(f"brigade-{now:%Y%m%d-%H%M%S}.tar")).absolute()
        if not target.parent.is_dir():
            raise Invalid("no_folder", f"There is no folder {target.parent}.", "file")
        applied = MigrationRecorder(connection).applied_migrations()
        manifest = archive.Manifest(
            format=archive.FORMAT,
            brigade=version("brigade-itsm"),
            postgresql=programs.server_major(),
            made_at=now.isoformat(),
            migrations=sorted(f"{app}.{name}" for app, name in applied),
            contents={},
        )
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".brigade-") as folder:
            dump = Path(folder) / archive.DATABASE
            with out.progress("Reading the database", total=programs.table_count()) as step:
                programs.dump(dump, step)
            with out.progress("Packing") as step:
                size = archive.write(target, dump, settings.MEDIA_ROOT, manifest, step)
        files = len(manifest.contents) - 1
        out.result(
            {"file": str(target), "bytes": size, "files": files, "brigade": manifest.brigade},
            f"{target} holds the database and {files} files ({size / 2**20:.1f} MB).",
        )
