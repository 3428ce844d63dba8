"""The verbs of recipes: publish a version, adopt it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import rules
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import library
from brigade.kernel.recipes.access import may_adopt, may_publish
from brigade.kernel.recipes.compile import compile_recipe, stored_form
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.merge import Effective, effective, levels
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.recipes.overlay import Operation, overlaid, read_all
from brigade.kernel.recipes.parse import Document, read
from brigade.kernel.recipes.raising import needed_to_raise
from brigade.kernel.refused import Hidden, Invalid, Refused

PROVISIONAL = (("incident", 1),)
"""What a fresh installation runs before anybody has decided anything."""


def publish_version(
    key: str,
    *,
    by: Person,
    level: int = 1,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    overlay: Sequence[Operation] = (),
    text: str | None = None,
) -> RecipeVersion:
    """Make the installed recipe of this key, at a level, a version that records can pin.

    The organisation's overlay is merged in before it is compiled; `text` is a recipe
    that was published before, where not the newest of the library shall run. Versions
    never change: publishing what is already there returns it. Refused with path and
    reason where an operation does not fit or lint finds an error
    (`recipe_unsound`), Hidden where no such recipe is installed.
    """
    needed(may_publish(by))
    untailored = _installed(key) if text is None else read(text)
    _check_level(untailored, level)
    try:
        document = overlaid(untailored, overlay)
        compiled = compile_recipe(document, level, on=on, off=off)
        chosen = effective(document, level, on=on, off=off)
    except RecipeError as fault:
        sentence = _("The recipe cannot be published: %(errors)s") % {"errors": str(fault)}
        raise Refused("recipe_unsound", sentence) from fault
    with acting(by):
        return _kept_version(compiled, chosen, overlay, by)


def _kept_version(
    compiled: CompiledRecipe, chosen: Effective, overlay: Sequence[Operation], by: Person
) -> RecipeVersion:
    """Return the version of this content, made now if there is none; called in a transaction."""
    Adoption.objects.select_for_update().filter(key=compiled.key).first()  # one at a time
    same = RecipeVersion.objects.filter(key=compiled.key, level=compiled.level)
    found = same.filter(checksum=compiled.checksum).first()
    if found is not None:
        return found
    number = compiled.version
    base = f"{compiled.key}@{number}" if overlay else ""
    if overlay:
        number += f"+{RecipeVersion.objects.filter(key=compiled.key, base=base).count() + 1}"
    return RecipeVersion.objects.create(
        key=compiled.key,
        version=number,
        level=compiled.level,
        checksum=compiled.checksum,
        source=chosen.document.source,
        effective=stored_form(chosen),
        overlay=[each.as_dict() for each in overlay],
        base=base,
        published_at=instants.now(),
        published_by=by,
    )


class Outlook(TypedDict, total=False):
    """Where a practice shall go: the level aimed at, and the day somebody looks again."""

    target_level: int | None
    review_on: date | None


def adopt(
    key: str,
    *,
    by: Person,
    level: int = 1,
    owner: Person | None = None,
    rationale: str = "",
    provisional: bool = False,
    on: Iterable[str] | None = None,
    off: Iterable[str] | None = None,
    waiver: str = "",
    decision: str = "",
    **outlook: Unpack[Outlook],
) -> Adoption:
    """Run a practice here from now on, at a level; running records keep their version.

    Whoever adopts binds the recipe's owner to a person (E05), save for a provisional
    adoption. What the organisation has tailored is taken along, on the recipe that ran: a
    newer version of the library comes by an upgrade, which is approved. A level is raised on
    evidence or a statement (`waiver`, carried by a `decision` where those run).
    `on` and `off` take facets beyond the level or leave some out, for a rationale.
    """
    needed(may_adopt(by))
    rationale = rules.paragraph(rationale, "rationale")
    if not provisional:
        needed_owner(owner, key)
    before = Adoption.objects.select_related("version").filter(key=key).first()
    facets = _facets(before, on, off, rationale)
    waived = _waived(before, key, level, waiver, decision, by)
    with acting(by):
        overlay, text = _carried(before.version if before else None, level)
        version = publish_version(
            key, by=by, level=level, overlay=overlay, text=text, on=facets["on"], off=facets["off"]
        )
        values = {
            "version": version, "level": level, "state": Adoption.State.ADOPTED, "owner": owner,
            "rationale": rationale, "provisional": provisional, "adopted_at": instants.now(),
            "facets_on": facets["on"], "facets_off": facets["off"], **waived,
        }  # fmt: skip
        return kept_decision(key, by, values, outlook)


def _waived(
    before: Adoption | None, key: str, level: int, waiver: str, decision: str, by: Person
) -> dict[str, str]:
    """Return why a level holds without its evidence and what carries that, if anything does."""
    waiver, decision = rules.paragraph(waiver, "waiver"), rules.paragraph(decision, "decision")
    number = needed_to_raise(key, level, waiver, decision, by=by)
    stays = before if before and before.level == level else None
    return {
        "waiver": waiver or (stays.waiver if stays else ""),
        "decision": number or (stays.decision if stays else ""),
    }


def _carried(version: RecipeVersion | None, level: int) -> tuple[tuple[Operation, ...], str | None]:
    """Return what is tailored and the recipe it goes with: a newer one comes by an upgrade.

    Refused where only the newer recipe has the level.
    """
    if version is None:
        return (), None
    newer = library.newer(version.key, version.version, version.source)
    if newer is not None and level not in levels(read(version.source)):
        raise Refused(
            "upgrade_open",
            _("Take the upgrade to %(version)s first: what runs here has no such level.")
            % {"version": newer.recipe.version},
            "level",
        )
    return read_all(version.overlay), version.source


def _facets(
    before: Adoption | None, on: Iterable[str] | None, off: Iterable[str] | None, rationale: str
) -> dict[str, list[str]]:
    """Return what is taken beyond the level and left out of it, or refuse it without a reason."""
    kept = (before.facets_on, before.facets_off) if before else ([], [])
    taken = kept[0] if on is None else sorted(on)
    left = kept[1] if off is None else sorted(off)
    if (taken or left) and not rationale.strip():
        raise Invalid("no_reason", _("Say why parts are taken or left out."), "rationale")
    return {"on": taken, "off": left}


def needed_owner(owner: Person | None, key: str, field: str = "owner") -> None:
    """Refuse a practice that is chosen and nobody answers for (E05)."""
    if owner is None or not owner.is_active or owner.is_system:
        manifest = manifests().get(key)
        title = _(manifest.title) if manifest else key
        sentence = _("Choose the person who is accountable for %(practice)s (E05).")
        raise Invalid("no_owner", sentence % {"practice": title}, field)


def kept_decision(key: str, by: Person, values: Mapping[str, Any], outlook: Outlook) -> Adoption:
    """Write what was decided about a practice, and who signed it when; called in a transaction."""
    target = outlook.get("target_level")
    if target is not None and not 1 <= target <= 3:
        raise Invalid("no_such_level", _("Choose a level from 1 to 3."), "target_level")
    signed = {"decided_by": by, "decided_at": instants.now()}
    adoption, _made = Adoption.objects.update_or_create(
        key=key, defaults={**values, **outlook, **signed}
    )
    return adoption


def adopt_provisionally(*, by: Person) -> list[Adoption]:
    """Give a fresh installation something to run; leaves alone what anybody has decided on."""
    decided = set(Adoption.objects.values_list("key", flat=True))
    return [
        adopt(key, by=by, level=level, provisional=True)
        for key, level in PROVISIONAL
        if key not in decided and key in library.installed()
    ]


def _check_level(document: Document, level: int) -> None:
    if level not in levels(document):
        recipe = document.recipe
        said = {"title": _(recipe.title), "version": recipe.version, "level": level}
        sentence = _("%(title)s %(version)s has no level %(level)d.") % said
        raise Invalid("no_such_level", sentence, "level")


def _installed(key: str) -> Document:
    document = library.installed().get(key)
    if document is None:
        raise Hidden("no_such_recipe", _("There is no recipe “%(key)s” here.") % {"key": key})
    return document
