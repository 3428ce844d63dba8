"""The build hook makes what is stale, and nothing else."""

from __future__ import annotations

import gettext
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.tree import ROOT


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The hook, loaded without hatchling, which only a build environment has."""
    interface = ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def german(tmp_path: Path) -> Path:
    source = tmp_path / "src/brigade/locale/de/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Queue"\nmsgstr "Arbeitsliste"\n',
        encoding="utf-8",
    )
    return source


def test_languages_are_compiled_once(hook: ModuleType, tmp_path: Path, german: Path) -> None:
    assert not hook.languages_are_fresh(tmp_path)
    hook.compile_languages(tmp_path)
    assert hook.languages_are_fresh(tmp_path)
    with german.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Queue") == "Arbeitsliste"


def test_a_changed_catalogue_is_stale(hook: ModuleType, tmp_path: Path, german: Path) -> None:
    hook.compile_languages(tmp_path)
    german.write_text(german.read_text(encoding="utf-8").replace("Arbeits", "Auftrags"))
    assert not hook.languages_are_fresh(tmp_path)


def test_browser_files_are_stale_when_their_pins_change(hook: ModuleType, tmp_path: Path) -> None:
    front, out = tmp_path / "frontend", tmp_path / "src/brigade/static/vendor"
    front.mkdir()
    out.mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "sprite.py"):
        (front / name).write_text("{}")
    assert not hook.vendor_is_fresh(tmp_path, False)
    (out / ".stamp").write_text(hook.vendor_digest(tmp_path))
    assert hook.vendor_is_fresh(tmp_path, False)
    assert not hook.vendor_is_fresh(tmp_path, True), "the test tools are not there yet"
    (front / "package-lock.json").write_text('{"packages": {}}')
    assert not hook.vendor_is_fresh(tmp_path, False)


def test_everything_listed_for_the_browser_is_there() -> None:
    vendor = ROOT / "src/brigade/static/vendor"
    assert {"htmx.js", "icons.svg", "licences"} <= {path.name for path in vendor.iterdir()}
    assert (ROOT / "frontend/.testing/axe.min.js").is_file()


def test_styles_are_joined_in_their_order(hook: ModuleType, tmp_path: Path) -> None:
    css = tmp_path / "src/brigade/web/static/brigade/css"
    css.mkdir(parents=True)
    (css / "index.txt").write_text("# the layers first\nlayers.css\na.css\n")
    (css / "layers.css").write_text("@layer base;")
    (css / "a.css").write_text("a {}")
    hook.join_styles(tmp_path)
    joined = (css / "app.css").read_text()
    assert joined == "/* layers.css */\n@layer base;\n/* a.css */\na {}\n"


def test_every_style_source_is_joined() -> None:
    css = ROOT / "src/brigade/web/static/brigade/css"
    listed = {line.strip() for line in (css / "index.txt").read_text().splitlines()}
    assert {path.name for path in css.glob("*.css")} - {"app.css"} <= listed
