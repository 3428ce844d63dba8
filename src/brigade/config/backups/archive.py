"""The file that a backup is: written with a manifest, read back only when everything is whole."""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from brigade.kernel.refused import Invalid

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
FILES = "files"
CHUNK = 1 << 20
STORED_FILE = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")


class Manifest(BaseModel):
    """What a backup says about itself. `contents` maps each name to its sha256."""

    model_config = ConfigDict(extra="forbid")

    format: int
    brigade: str
    postgresql: int
    made_at: str
    migrations: list[str]
    contents: dict[str, str]


class _Hasher(Protocol):
    def update(self, data: bytes, /) -> None: ...


def write(
    target: Path, dump: Path, files: Path, manifest: Manifest, step: Callable[[], Any]
) -> int:
    """Write the backup to `target` (mode 0600, replaced at the end); return its size in bytes.

    `manifest.contents` is filled here. `step` is called for each file.
    """
    unfinished = target.with_name(target.name + ".partial")
    unfinished.touch(mode=0o600)
    try:
        with tarfile.open(unfinished, "w") as tar:
            for name, path in [(DATABASE, dump), *_stored(files)]:
                manifest.contents[name] = _sha256(path)
                tar.add(path, name, recursive=False)
                step()
            page = dump.with_name(MANIFEST)
            page.write_text(manifest.model_dump_json(indent=2))
            tar.add(page, MANIFEST)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def manifest_of(source: Path) -> Manifest:
    """Return the manifest. Raises `Invalid` when the file is no backup or of a later format."""
    try:
        with tarfile.open(source, "r:") as tar:
            page = tar.extractfile(MANIFEST)
            assert page is not None
            manifest = Manifest.model_validate_json(page.read())
    except (OSError, tarfile.TarError, KeyError, AssertionError, ValidationError) as error:
        raise Invalid(
            "not_a_backup",
            f"{source} is not a whole backup of Brigade: {str(error).splitlines()[0]}.",
            "file",
        ) from error
    if manifest.format > FORMAT:
        raise Invalid(
            "backup_newer",
            f"{source} was made by Brigade {manifest.brigade}, which writes backups that this "
            "version cannot read. Install that version or a newer one.",
            "file",
        )
    return manifest


def unpack(source: Path, manifest: Manifest, folder: Path, step: Callable[[], Any]) -> None:
    """Unpack everything into `folder`. Raises `Invalid` where a sum differs or a part is missing.

    Only names that a backup can hold are unpacked; `step` is called for each.
    """
    missing = set(manifest.contents)
    with tarfile.open(source, "r:") as tar:
        for member in tar:
            name = member.name
            if not member.isfile() or (name != DATABASE and not STORED_FILE.fullmatch(name)):
                continue
            content = tar.extractfile(member)
            assert content is not None
            place = folder / PurePosixPath(name)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with place.open("xb") as out:
                _copy(content, out, digest)
            if manifest.contents.get(name) != digest.hexdigest():
                raise Invalid("backup_damaged", f"{name} in {source} is damaged.", "file")
            missing.discard(name)
            step()
    if missing:
        raise Invalid("backup_damaged", f"{source} lacks {', '.join(sorted(missing)[:5])}.", "file")


def _stored(files: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(files.glob("??/*")):
        name = f"{FILES}/{path.relative_to(files).as_posix()}"
        if STORED_FILE.fullmatch(name):
            yield name, path


def _copy(content: IO[bytes], out: IO[bytes], digest: _Hasher) -> None:
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        out.write(chunk)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
