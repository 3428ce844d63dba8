"""A small form that hangs on a record: a move, a field, an assignment, a link, an erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid, Refused, Stale
from brigade.web.shell.render import page
from brigade.web.work.record_context import back_to

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record
    from brigade.web.work.controls import Control


def form_page(
    request: HttpRequest,
    record: Record,
    *,
    heading: str,
    send: str,
    controls: list[Control],
    lead: str = "",
    no: Refused | None = None,
    hidden: dict[str, Any] | None = None,
    anchor: str = "",
    **more: Any,
) -> HttpResponse:
    """Render the form; after a refusal it says what is wrong, with what was typed.

    htmx and scripts of ours get the form alone, to put where the value stands.
    """
    inline = getattr(request, "htmx", False)
    context = {
        "record": record,
        "heading": heading,
        "lead": lead,
        "send": send,
        "controls": controls,
        "errors": errors_of(no, controls),
        "hidden": {"version": record.version, **(hidden or {})},
        "back": back_to(request, record, anchor),
        "action": request.get_full_path(),
        "conflict": [],
        "danger": False,
        **more,
    }
    template = "work/record/inline.jinja" if inline else "work/record/form.jinja"
    return page(request, template, context, no.status if no else 200)


def errors_of(no: Refused | None, controls: list[Control]) -> dict[str, str]:
    """Return the refusal at its field, or as one about the whole form."""
    if no is None or isinstance(no, Stale):
        return {}
    known = {one.name for one in controls}
    return {no.field if no.field in known else "": str(no.message)}


def version_of(request: HttpRequest) -> int | None:
    """Return the version of the record that the reader had before them."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else None


def whole_number(text: str, field: str) -> int:
    """Return a typed number; a minus may be the sign of a keyboard or of a word processor."""
    try:
        return int(text.strip()[:12].replace("−", "-"))
    except ValueError as no:
        raise Invalid("bad_number", _("Give a whole number."), field) from no
