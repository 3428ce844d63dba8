"""What an import has to say about single lines, and in which words. Pure."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Finding(NamedTuple):
    """One thing about one line. `taken` tells whether its row became an entry all the same."""

    line: int
    column: str
    code: str
    value: str
    taken: bool


SENTENCES = {
    "line_too_long": _("The line is longer than 1 MiB."),
    "nul_character": _("The line holds a NUL character, which no database text can hold."),
    "not_decodable": _("The line is not written in %(value)s."),
    "not_csv": _("The line cannot be read as cells: %(value)s."),
    "wrong_cells": _("The row has %(value)s cells; the header has another number."),
    "case_missing": _("The row does not say which case it belongs to."),
    "case_too_long": _("The case's name is longer than 200 characters."),
    "bad_instant": _("“%(value)s” is no date of the forms the map lists, so the row has no place."),
    "no_instant": _("The row holds no instant at all."),
    "not_in_order": _("“%(value)s” cannot be sorted as the map's order asks."),
    "repeated": _("The row says word for word what an earlier line said."),
    "unknown_state": _("The map does not list the state “%(value)s”; the state stays as it was."),
    "unknown_value": _("The map does not list the value “%(value)s”; it is kept as written."),
    "not_a_number": _("“%(value)s” is no whole number; the value is left out."),
    "bad_date": _("“%(value)s” is no date of the forms the map lists; the value is left out."),
    "too_long": _("The value is too long for its place and was cut."),
    "late_row": _("The row is older than rows of its case that are here already."),
    "history_missing": _("The case is here already, but the file lacks the rows before this one."),
    "worked_on_here": _("The case has been worked on here since, so the row was not added."),
}
"""Code to sentence; `%(value)s` is what the line holds."""


def sentence(code: str, value: str) -> str:
    """Return what to tell a person about a finding."""
    return str(SENTENCES[code]) % {"value": value}
