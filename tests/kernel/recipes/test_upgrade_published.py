"""From two texts of the library to the version that runs: no edit of either side gets lost.

What has to come out is told from the edits alone, without a look at cards or operations:
whoever edited a path alone has their way, two alike have theirs, and where both edited it
the answer decides.
"""

from __future__ import annotations

from typing import Any, Literal

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import library
from brigade.kernel.recipes.actions import adopt, adopt_provisionally, publish_version
from brigade.kernel.recipes.differences import MISSING, at, steps_of
from brigade.kernel.recipes.models import Adoption, RecipeDraft, RecipeVersion
from brigade.kernel.recipes.overlay import Operation, applied, read_all
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.publishing import publish_draft
from brigade.kernel.recipes.settling import Answer
from brigade.kernel.recipes.upgrading import upgrade_on_offer, upgrade_recipe
from brigade.kernel.refused import Refused
from tests.cast import Cast
from tests.kernel.recipes.library_versions import (
    AUTOCLOSE,
    OVERLAY,
    library_text,
    library_version,
)
from tests.kernel.recipes.recipes_for_tests import TINY

pytestmark = pytest.mark.django_db
OLD = TINY.replace("recipe: request", "recipe: incident").replace(
    "cost: {type: int}", "cost: {type: int, label: Cost}\n      shop: {type: text, label: Shop}"
)
GONE: Any = MISSING
CORE = "facets.core"
VALUES: dict[str, list[Any]] = {
    f"{CORE}.timers.late.after": ["5d", "3d", "8h"],
    f"{CORE}.transitions.start.by": [["agent"], ["agent", "team_lead"], ["team_lead"]],
    f"{CORE}.raci.do.R": ["agent", "team_lead"],
    f"{CORE}.states.doing.label": [GONE, "At work", {"en": "Cooking", "de": "Am Herd"}],
    f"{CORE}.fields.cost.label": ["Cost", "Price", "Money"],
    f"{CORE}.fields.cost.help": [GONE, "In euro.", "Rounded."],
    f"{CORE}.fields.shop": [{"type": "text", "label": "Shop"}, GONE],
    f"{CORE}.fields.floor": [GONE, {"type": "text", "label": "Floor"}],
    f"{CORE}.policies": [GONE, ["Ask once"], ["Ask twice"]],
}
"""What may stand at a path; the first is what the old library has."""
Choice = Literal["retain", "revert"]


def edit(path: str, value: Any, why: str) -> Operation:
    """The operation that makes a path of the old library something else."""
    if value is MISSING:
        return Operation("unset", path, None, why, "Pia Kern")
    there = at(read(OLD).data, steps_of(path)) is not MISSING
    return Operation("set" if there else "add", path, value, why, "Pia Kern")


def edited(choices: dict[str, int], why: str) -> list[Operation]:
    """The operations of one side that chose among the values of each path."""
    return [
        edit(path, VALUES[path][place % len(VALUES[path])], f"{why} {path}")
        for path, place in choices.items()
        if place % len(VALUES[path])
    ]


choices = st.fixed_dictionaries({path: st.integers(0, 2) for path in VALUES})


@pytest.fixture
def operator(cast: Cast) -> Person:
    """Somebody at the command line; a practice that runs, and people who hold its roles."""
    adopt_provisionally(by=cast.operator)
    with acting(cast.operator):
        Adoption.objects.update(owner=cast.petra, provisional=False)
    return cast.operator


def published(draft: RecipeDraft, by: Person) -> RecipeVersion:
    """Let a draft run; who says yes to it is tried elsewhere."""
    with acting(by):
        RecipeDraft.objects.filter(pk=draft.pk).update(
            state="approved", approved_at=draft.opened_at, approved_by=by, authors=[]
        )
    version = publish_draft(draft.pk, by=by).version
    assert version is not None
    assert Adoption.objects.get(key="incident").version == version
    return version


def wanted(theirs: int, ours: int, answer: Choice | None, values: list[Any]) -> Any:
    """What has to stand at a path in the end."""
    old, new, mine = (values[place % len(values)] for place in (0, theirs, ours))
    if mine is old or (new is not old and answer == "revert"):
        return new
    return mine


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # to make an example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(theirs=choices, ours=choices, answer=st.sampled_from(["retain", "revert"]))
def test_what_is_published_has_every_edit_of_both_sides(
    operator: Person, theirs: dict[str, int], ours: dict[str, int], answer: Choice
) -> None:
    note(f"{theirs}\n{ours}\n{answer}")
    newer = yaml.safe_dump(
        applied({**read(OLD).data, "version": "1.1.0"}, edited(theirs, "library"))
    )
    with transaction.atomic():
        try_one(operator, newer, theirs, ours, answer)
        transaction.set_rollback(True)


def try_one(
    by: Person, newer: str, theirs: dict[str, int], ours: dict[str, int], answer: Choice
) -> None:
    overlay = edited(ours, "because of")
    running = publish_version("incident", by=by, text=OLD, overlay=overlay)
    with acting(by):
        Adoption.objects.update(version=running, level=1, facets_on=[], facets_off=[])
    asked = [card.path for card in upgrade_on_offer("incident", text=newer).merge.asked]
    if asked:
        with pytest.raises(Refused):
            upgrade_recipe("incident", by=by, answers={}, text=newer)
    told = {path: Answer(answer) for path in asked}

    version = published(upgrade_recipe("incident", by=by, answers=told, text=newer), by)

    assert version.source == newer
    stored = read_all(version.overlay)
    effective = applied(read(newer).data, stored)
    for path, values in VALUES.items():
        one, other = (side[path] % len(values) for side in (theirs, ours))
        differ = one and other and values[one] != values[other]
        assert bool(differ) == any(each.startswith(path) for each in asked), path
        want = wanted(one, other, answer if differ else None, values)
        assert at(effective, steps_of(path)) == want, path
        if other and not one:
            assert f"because of {path}" in {each.why for each in stored}, path


def test_adopting_anew_takes_no_newer_library(
    operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer one is approved as an upgrade, whether or not it collides with what is ours."""

    def run(overlay: tuple[Operation, ...]) -> None:
        version = publish_version(
            "incident", by=operator, level=2, text=library_text("3.0.0"), overlay=overlay
        )
        with acting(operator):
            Adoption.objects.update(version=version, level=2)

    newest = {**library.installed(), "incident": library_version("3.1.0")}
    monkeypatch.setattr(library, "installed", lambda: newest)
    run(OVERLAY)
    waits = adopt("incident", by=operator, level=2, provisional=True).version
    assert waits is not None and waits.source == library_text("3.0.0")
    assert read_all(waits.overlay) == OVERLAY
    apart = tuple(each for each in OVERLAY if each.path != AUTOCLOSE)
    run(apart)
    stays = adopt("incident", by=operator, level=2, provisional=True).version
    assert stays is not None and stays.source == library_text("3.0.0")
    assert read_all(stays.overlay) == apart
