"""Which style sheets and script modules a page links.

The build joins the component sources into one sheet; while somebody works on
them, each is linked by itself, so that the browser names the file of a rule.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

JOINED: Final = "brigade/css/app.css"

MODULES: Final = {
    "htmx": "vendor/htmx.js",
    "combobox": "vendor/combobox-nav.js",
    "markdown-toolbar": "vendor/markdown-toolbar.js",
    "text-expander": "vendor/text-expander.js",
    "brigade/app": "brigade/js/app.js",
    "brigade/composer": "brigade/js/composer.js",
    "brigade/clocks": "brigade/js/clocks.js",
    "brigade/drafts": "brigade/js/drafts.js",
    "brigade/live": "brigade/js/live.js",
    "brigade/live-list": "brigade/js/live-list.js",
    "brigade/live-record": "brigade/js/live-record.js",
    "brigade/palette": "brigade/js/palette.js",
    "brigade/picker": "brigade/js/picker.js",
    "brigade/record": "brigade/js/record.js",
    "brigade/table": "brigade/js/table.js",
}
"""What a module may import by name. `app.js` loads a module only where a page has use for it."""


def stylesheets() -> list[str]:
    """Return the addresses of the sheets to link, in the order of the layers."""
    separate = getattr(settings, "SEPARATE_STYLES", settings.DEBUG)
    if not separate and finders.find(JOINED) is not None:
        return [static(JOINED)]
    return [static(f"brigade/css/{name}") for name in _sources()]


def import_map() -> str:
    """Return the JSON that maps module names to their addresses, safe inside a script element."""
    addresses = {name: static(path) for name, path in MODULES.items()}
    return json.dumps({"imports": addresses}).replace("<", "\\u003c")


@cache
def _sources() -> list[str]:
    order = Path(__file__).parent.parent / "static/brigade/css/index.txt"
    return order.read_text(encoding="utf-8").split()
