"""An import that begins on a page: kept, looked at, then left to the worker."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from brigade.integrations.logs import access
from brigade.integrations.logs.actions import preview_import, start_import
from brigade.integrations.logs.mapping import LogMap
from brigade.integrations.logs.models import ImportRun
from brigade.integrations.logs.report import ImportReport
from brigade.kernel.parties.access import needed
from brigade.kernel.refused import Invalid, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

LARGEST = 500 * 1024 * 1024
"""Bytes of a log that a page takes; the command line takes any."""

CHUNK = 1 << 20

TASK = "import_log"
"""The name of the job, by which the worker knows it."""


def upload_import(name: str, content: IO[bytes], log_map: LogMap, *, by: Person) -> ImportRun:
    """Keep an uploaded log and note its import, which waits until somebody has looked at it.

    Raises Invalid for an empty or too large file or a map that does not fit the
    recipe, NotPermitted for anybody who may not import.
    """
    needed(access.may_import(by))
    return start_import(_keep(content), log_map, by=by, name=name)


def preview_run(run: ImportRun, *, by: Person) -> ImportReport:
    """Report what a waiting import would do; writes nothing."""
    return preview_import(Path(run.path), LogMap.model_validate(run.map), by=by, name=run.file_name)


def queue_import(run: ImportRun, *, by: Person) -> None:
    """Leave an import to the worker; asking twice queues it once."""
    needed(access.may_import(by))
    if run.state == ImportRun.State.FINISHED:
        raise Refused("import_finished", _("This import has finished."))
    try:
        with transaction.atomic():
            app.configure_task(
                TASK, lock=f"import:{run.source}", queueing_lock=f"import:{run.pk}", queue="imports"
            ).defer(run_id=run.pk)
    except AlreadyEnqueued:
        return


def discard_import(run: ImportRun, *, by: Person) -> None:
    """Forget an import that has not begun, and the file that was uploaded for it."""
    needed(access.may_import(by))
    if run.state != ImportRun.State.WAITING or run.started_at is not None:
        raise Refused("import_begun", _("This import has begun; what it wrote stays."))
    uploaded = Path(run.path)
    run.delete()
    if uploaded.parent == _folder():
        uploaded.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.BRIGADE.home) / "imports"


def _keep(content: IO[bytes]) -> Path:
    """Write an upload under its sha256, whatever it was called, and return the path."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, spooled = tempfile.mkstemp(dir=folder)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := content.read(CHUNK):
                size += len(chunk)
                if size > LARGEST:
                    raise Invalid(
                        "file_too_large",
                        _("A log may have at most %(limit)d MB here; the command line takes any.")
                        % {"limit": LARGEST >> 20},
                        "file",
                    )
                digest.update(chunk)
                file.write(chunk)
        if not size:
            raise Invalid("file_empty", _("This file is empty."), "file")
        place = folder / digest.hexdigest()
        Path(spooled).replace(place)
        return place
    finally:
        Path(spooled).unlink(missing_ok=True)
