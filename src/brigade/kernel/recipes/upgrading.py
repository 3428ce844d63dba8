"""The verbs of upgrades and of files: each ends in a draft, and nothing that runs changes.

A draft that takes a newer library is submitted, approved and published like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.parties.access import needed
from brigade.kernel.recipes import library
from brigade.kernel.recipes.access import may_draft
from brigade.kernel.recipes.drafting import switched
from brigade.kernel.recipes.drafts import open_draft
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.models import RecipeVersion
from brigade.kernel.recipes.overlay import overlaid, read_all
from brigade.kernel.recipes.parse import Document, read
from brigade.kernel.recipes.practice_file import PracticeFile, exported, imported
from brigade.kernel.recipes.queries import running
from brigade.kernel.recipes.settling import Answer, settled
from brigade.kernel.recipes.upgrade import Upgrade
from brigade.kernel.refused import Invalid, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.models import Adoption, RecipeDraft


@dataclass(frozen=True)
class Offer:
    """A newer recipe beside what runs: the two versions, and the merge with the overlay."""

    key: str
    old: Document
    new: Document
    merge: Upgrade


def upgrade_on_offer(key: str, *, text: str | bytes | None = None) -> Offer:
    """Return what taking the library's recipe, or another text of it, would mean here.

    Hidden where the practice does not run; Refused where there is nothing newer to take.
    """
    version = running(key).version
    assert version is not None  # what runs has one
    old = read(version.source)
    new = library.newer(key, old.recipe.version, old.source) if text is None else _read(text)
    if new is not None and new.recipe.recipe != key:
        raise _other(new.recipe.recipe, key, "to")
    if new is None or new.source == old.source or _older(new, old):
        raise Refused(
            "nothing_newer",
            _("Version %(version)s runs here, and there is nothing newer to take.")
            % {"version": old.recipe.version},
        )
    return Offer(key, old, new, Upgrade(old.data, new.data, read_all(version.overlay)))


def upgrade_recipe(
    key: str, *, by: Person, answers: Mapping[str, Answer], text: str | bytes | None = None
) -> RecipeDraft:
    """Begin the draft in which a practice takes a newer recipe of the library.

    `answers` go by the path of the card they answer. Refused while one is missing
    (`upgrade_open`), and while another draft is open. A merged value is signed by `by`.
    """
    needed(may_draft(by, running(key)))
    offer = upgrade_on_offer(key, text=text)
    signed = {
        path: replace(answer, author=by.name) if answer.choice == "merge" else answer
        for path, answer in answers.items()
    }
    overlay = settled(offer.merge, signed)
    versions = {"old": offer.old.recipe.version, "new": offer.new.recipe.version}
    told = [_("The library's %(new)s after its %(old)s.") % versions]
    told += [f"{path}: {answer.choice}." for path, answer in sorted(answers.items())]
    reason = " ".join(told)[:2000]
    return open_draft(key, by=by, reason=reason, overlay=overlay, text=offer.new.source)


def export_recipe(key: str) -> str:
    """Return a practice that runs here as the text of one file; Hidden where it does not run."""
    version = running(key).version
    assert version is not None
    document = read(version.source)
    on, off = switched(document, version.level, version.effective["facets"])
    base = f"{key}@{document.recipe.version}"
    return exported(base, version.level, sorted(on), sorted(off), read_all(version.overlay))


def import_recipe(text: str | bytes, *, by: Person, key: str | None = None) -> RecipeDraft:
    """Begin a draft that says what a file says, with its reasons and authors.

    `key` is the practice it has to be of, where one is meant. Refused where the file was
    written for a version nobody has here, and for another level or other facets than run:
    how far a practice is adopted is decided elsewhere. Invalid, with the line, where the
    file cannot be read or does not fit its base.
    """
    if key is not None:
        needed(may_draft(by, running(key)))
    try:
        file = imported(text)
    except RecipeError as fault:
        raise _unreadable(fault) from None
    if file.key != (key or file.key):
        raise _other(file.key, key or "", "file")
    adoption = running(file.key)
    needed(may_draft(by, adoption))
    document = _base_of(file, adoption)
    _same_extent(file, document, adoption)
    try:
        overlaid(document, file.overlay)
    except RecipeError as fault:
        raise _unreadable(RecipeError(file.text.located(fault.errors))) from None
    version = adoption.version
    if version and document.source == version.source and file.overlay == read_all(version.overlay):
        raise Refused("nothing_changed", _("The file says what runs here already."))
    reason = _("From a file, written for %(base)s.") % {"base": file.text.base}
    return open_draft(
        file.key, by=by, reason=reason, overlay=file.overlay, text=document.source
    )  # fmt: skip


def _base_of(file: PracticeFile, adoption: Adoption) -> Document:
    """Return the library's recipe a file was written for: what runs, is installed or ran once."""
    version, newest = adoption.version, library.installed().get(file.key)
    for document in (read(version.source) if version else None, newest):
        if document is not None and document.recipe.version == file.version:
            return document
    numbers = {"version": file.version} | {"base": f"{file.key}@{file.version}"}
    for name, value in numbers.items():
        rows = RecipeVersion.objects.filter(key=file.key, **{name: value}).order_by("-id")
        if source := rows.values_list("source", flat=True).first():
            return read(source)
    raise Refused(
        "no_such_base",
        _(
            "The file is written for %(base)s, which is not here. %(here)s runs; the library"
            " has %(new)s."
        )
        % {
            "base": file.text.base,
            "here": version.version if version else "-",
            "new": newest.recipe.version if newest else "-",
        },
        "base",
    )


def _same_extent(file: PracticeFile, document: Document, adoption: Adoption) -> None:
    version = adoption.version
    assert version is not None
    if file.level != version.level:
        raise Refused(
            "other_level",
            _(
                "The file is for level %(file)d, and level %(here)d runs here. Change the level"
                " first."
            )
            % {"file": file.level, "here": version.level},
            "level",
        )
    here = switched(document, version.level, version.effective["facets"])
    wanted = (file.facets_on, file.facets_off)
    for name, ours, theirs in zip(("facets_on", "facets_off"), here, wanted, strict=True):
        if ours != set(theirs):
            raise Refused(
                "other_facets",
                _("The file and this house differ in facets: %(names)s. Adopt them first.")
                % {"names": ", ".join(sorted(ours ^ set(theirs)))},
                name,
            )


def _other(other: str, key: str, field: str) -> Invalid:
    said = _("This is the recipe “%(other)s”. Give one of “%(key)s”.")
    return Invalid("other_recipe", said % {"other": other, "key": key}, field)


def _older(new: Document, old: Document) -> bool:
    return library.numbers(new.recipe.version) < library.numbers(old.recipe.version)


def _read(text: str | bytes) -> Document:
    try:
        return read(text)
    except RecipeError as fault:
        raise _unreadable(fault) from None


def _unreadable(fault: RecipeError) -> Invalid:
    said = _("The file cannot be taken: %(errors)s") % {"errors": str(fault)}
    return Invalid("unreadable_file", said, "file")
