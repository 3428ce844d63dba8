"""The verbs of tailoring: change a recipe for one's own house, choose or edit its matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import matrices
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.recipes.overlay import Operation, applied, read_all, with_operations
from brigade.kernel.recipes.parse import Document, read
from brigade.kernel.refused import Hidden, Invalid, Refused

WHY = 400


def tailor(
    key: str, more: Iterable[Operation], *, by: Person, without: Iterable[str] = ()
) -> Adoption:
    """Change a practice for this organisation: a new version, which new records follow.

    `more` are operations on paths of the recipe, each with its reason; they replace
    what was said of these paths before, and on the paths of `without` the library's
    own holds again. Running records keep their version. Refused with path and
    reason where an operation does not fit, Hidden where the practice does not run.
    """
    needed(may_adopt(by))
    with acting(by):
        adoption = _adopted(key)
        version = adoption.version
        overlay = read_all(version.overlay) if version else ()
        adoption.version = publish_version(
            key,
            by=by,
            level=adoption.level,
            on=adoption.facets_on,
            off=adoption.facets_off,
            overlay=with_operations(overlay, more, without=without),
            text=version.source if version else None,
        )
        adoption.adopted_at = instants.now()
        adoption.save(update_fields=["version", "adopted_at"])
    return adoption


def choose_matrix(key: str, name: str, *, by: Person, why: str) -> Adoption:
    """Let a practice use one of the library's matrices: its cells, its steps, where it begins."""
    needed(may_adopt(by))
    matrix = matrices.matrices().get(name)
    if matrix is None:
        raise Invalid("no_such_matrix", _("There is no such matrix. Choose another."), "matrix")
    facet, document = _with_matrix(key)
    more = matrices.chosen(matrix, document.data, facet, _reason(why), by.name)
    return tailor(key, more, by=by, without=matrices.owned_paths(facet))


def edit_matrix(key: str, cells: Sequence[Sequence[int]], *, by: Person, why: str) -> Adoption:
    """Put other priorities into the cells of a practice's matrix; a row is an impact.

    The steps of impact and urgency stay: they come with a chosen matrix.
    """
    needed(may_adopt(by))
    facet, document = _with_matrix(key)
    reason = _reason(why)
    now = applied(document.data, read_all(_overlay(key)))["facets"][facet]
    rows, columns = (len(now["fields"][name]["of"]) for name in ("impact", "urgency"))
    highest = len(document.data["facets"].get("core", {}).get("priority", {}).get("labels") or [])
    if len(cells) != rows or any(len(row) != columns for row in cells):
        raise Invalid(
            "bad_matrix",
            _("This matrix has %(rows)d rows and %(columns)d columns. Fill in every cell.")
            % {"rows": rows, "columns": columns},
            "matrix",
        )
    if any(not 1 <= cell <= (highest or 5) for row in cells for cell in row):
        raise Invalid(
            "bad_priority",
            _("Give a priority from 1 to %(last)d.") % {"last": highest or 5},
            "matrix",
        )
    return tailor(key, [matrices.edited(cells, facet, reason, by.name)], by=by)


def _overlay(key: str) -> Sequence[dict[str, object]]:
    version = _adopted(key).version
    return version.overlay if version else ()


def _adopted(key: str) -> Adoption:
    rows = Adoption.objects.select_related("version").filter(key=key, state="adopted")
    adoption = rows.first()
    if adoption is None:
        raise Hidden("not_adopted", _("No practice of this name runs here."))
    return adoption


def _with_matrix(key: str) -> tuple[str, Document]:
    version = _adopted(key).version
    document = read(version.source) if version else None
    facet = matrices.facet_with_matrix(document.data) if document else None
    if document is None or version is None or facet not in version.effective["facets"]:
        raise Refused(
            "no_matrix",
            _("At this level the practice has no matrix. Raise the level first."),
            "matrix",
        )
    return str(facet), document


def _reason(why: str) -> str:
    text = " ".join(why.split())
    if not text:
        raise Invalid("no_reason", _("Say why. It is kept with the version."), "why")
    if len(text) > WHY:
        raise Invalid(
            "too_long",
            _("This is longer than %(limit)d characters. Shorten it.") % {"limit": WHY},
            "why",
        )
    return text
