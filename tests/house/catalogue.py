"""The words of Brigade: collected from its sources, and what each language makes of them.

Run as a program (bin/translate does) it brings every catalogue up to date.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from tests.house.tree import BRIGADE, ROOT, short

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
BORROWED = BRIGADE / "locale" / "borrowed.pot"
# They change with every run and tell a reader nothing that Git does not know better.
CHURN = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator')
HEADER = """\
# Brigade in the language of this folder. docs/guides/translating.md says how to work on it;
# bin/translate keeps the list of messages.
#"""


def collected() -> Catalog:
    """Every message of the sources, with the files that show it, and the borrowed ones."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as text:
        methods, options = parse_mapping_cfg(text)
    found = Catalog(charset="utf-8")
    for _name, _line, message, _comments, context in extract_from_dir(
        str(BRIGADE), methods, options, KEYWORDS
    ):
        if message and message != ("", ""):
            found.add(message, context=context)
    for borrowed in read(BORROWED):
        if borrowed.id:
            found.add(borrowed.id, context=borrowed.context)
    return found


def catalogues() -> list[Path]:
    """The source form of every language there is."""
    return sorted((BRIGADE / "locale").glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """One language, with its name taken from its folder; or a list of messages of none."""
    language = path.parent.parent.name if path.suffix == ".po" else None
    with path.open("rb") as text:
        return read_po(text, locale=language, domain="django", charset="utf-8")


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file: sorted, without places and dates, so that a diff is small."""
    whole = BytesIO()
    write_po(whole, catalogue, width=96, sort_output=True, no_location=True, ignore_obsolete=True)
    return b"\n".join(line for line in whole.getvalue().split(b"\n") if not line.startswith(CHURN))


def updated(path: Path, messages: Catalog) -> Catalog:
    """The language with today's messages: new ones are empty, and no translation is guessed."""
    language = read(path)
    language.update(messages, no_fuzzy_matching=True, update_header_comment=False)
    language.project, language.version, language.header_comment = "Brigade", "", HEADER
    language.language_team, language.msgid_bugs_address = language.locale_identifier or "", ""
    return language


def main() -> int:
    """Rewrite every catalogue; say how much of each waits for a translator."""
    messages = collected()
    for path in catalogues():
        language = updated(path, messages)
        path.write_bytes(written(language))
        waiting = [message for message in language if message.id and not all(texts(message.string))]
        print(f"{short(path)}: {len(language)} messages, {len(waiting)} without a translation")
    return 0


def texts(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The forms of a message or of its translation: one, or one per plural."""
    return tuple(string) if isinstance(string, tuple | list) else (string or "",)


if __name__ == "__main__":
    sys.exit(main())
