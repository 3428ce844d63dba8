"""An upgrade and a file each become a draft, over real rows; what does not fit leaves nothing."""

from __future__ import annotations

import pytest

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import operator as operator_account
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.actions import adopt_provisionally, publish_version
from brigade.kernel.recipes.answers import answers_in
from brigade.kernel.recipes.differences import at, steps_of
from brigade.kernel.recipes.drafts import withdraw_draft
from brigade.kernel.recipes.models import Adoption, RecipeDraft
from brigade.kernel.recipes.overlay import read_all
from brigade.kernel.recipes.practice_file import imported
from brigade.kernel.recipes.queries import read_draft
from brigade.kernel.recipes.settling import Answer
from brigade.kernel.recipes.upgrading import (
    export_recipe,
    import_recipe,
    upgrade_on_offer,
    upgrade_recipe,
)
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused
from tests.kernel.recipes.library_versions import AUTOCLOSE, OVERLAY, library_text, merged

pytestmark = pytest.mark.django_db
NEWER = library_text("3.1.0")
RETAIN = {AUTOCLOSE: Answer("retain")}


@pytest.fixture
def operator() -> Person:
    """Incident 3.0.0 runs at level 2 with the overlay of five."""
    by = operator_account("Console")
    adopt_provisionally(by=by)
    version = publish_version(
        "incident", by=by, level=2, overlay=OVERLAY, text=library_text("3.0.0")
    )
    with acting(by):
        Adoption.objects.update(version=version, level=2)
    return by


def test_an_answered_upgrade_is_a_draft_for_the_newer_text(operator: Person) -> None:
    with pytest.raises(Refused) as no:
        upgrade_recipe("incident", by=operator, answers={}, text=NEWER)
    assert (no.value.code, no.value.field) == ("upgrade_open", AUTOCLOSE)
    assert not RecipeDraft.objects.exists()

    draft = upgrade_recipe("incident", by=operator, answers=RETAIN, text=NEWER)

    assert (draft.state, draft.source) == ("draft", NEWER)
    assert read_all(draft.overlay) == merged()
    assert "3.1.0" in draft.reason and f"{AUTOCLOSE}: retain" in draft.reason
    effective = read_draft(draft).chosen.data
    assert effective["timers"]["autoclose"]["after"] == "3d"
    assert {"store_no", "workaround"} <= set(effective["fields"])
    assert Adoption.objects.get().version.version == "3.0.0+1"
    with pytest.raises(Refused, match="open already"):
        upgrade_recipe("incident", by=operator, answers=RETAIN, text=NEWER)


def test_a_facet_the_library_brings_comes_along(operator: Person) -> None:
    brought = NEWER + "\n"
    head, _facets, tail = brought.partition("facets:\n")
    brought = head + "facets:\n  extra: {level: 2, kpis: [K04]}\n" + tail
    draft = upgrade_recipe("incident", by=operator, answers=RETAIN, text=brought)
    assert "extra" in read_draft(draft).chosen.facets


def test_what_cannot_be_taken_is_refused_with_the_reason(operator: Person) -> None:
    with pytest.raises(Refused, match="nothing newer"):
        upgrade_on_offer("incident", text=library_text("3.0.0"))
    with pytest.raises(Invalid, match="line 1"):
        upgrade_on_offer("incident", text="recipe: [")
    with pytest.raises(Invalid, match="the recipe “request”"):
        other = NEWER.replace("recipe: incident", "recipe: request", 1)
        upgrade_on_offer("incident", text=other)
    with pytest.raises(Hidden):
        upgrade_on_offer("change")
    wrong = {AUTOCLOSE: Answer("merge", to="soon")}
    with pytest.raises(Invalid, match=AUTOCLOSE):
        upgrade_recipe("incident", by=operator, answers=wrong, text=NEWER)
    with acting(operator):
        stranger = Person.objects.create(name="Nia", email="nia@example.org")
    with pytest.raises(NotPermitted):
        upgrade_recipe("incident", by=stranger, answers=RETAIN, text=NEWER)
    assert not RecipeDraft.objects.exists()


def test_a_practice_is_one_file_that_comes_back_as_it_went(operator: Person) -> None:
    text = export_recipe("incident")
    assert text == export_recipe("incident")
    assert text.startswith(
        "base: incident@3.0.0\nlevel: 2\nfacets_on: []\nfacets_off: []\noverlay:\n"
    )
    assert imported(text).overlay == OVERLAY
    with pytest.raises(Refused, match="what runs here already"):
        import_recipe(text, by=operator)

    changed = text.replace("to: 3d", "to: 2d")
    draft = import_recipe(changed, by=operator)

    assert at(read_draft(draft).chosen.document.data, steps_of(AUTOCLOSE)) == "2d"
    assert {each.author for each in read_all(draft.overlay)} == {"Pia Kern"}
    withdraw_draft(draft.pk, by=operator)


FILE = """base: incident@3.0.0
level: 2
overlay:
  - set: facets.core.timers.autoclose.after
    to: 2d
    why: customers answer fast
"""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("level: 2", "level: 3", "level 3, and level 2 runs"),
        ("level: 2", "level: two", "line 2: E00 The level is 1, 2 or 3"),
        ("level: 2", "level: 2\nfacets_off: [classify]", "differ in facets: classify"),
        ("level: 2", "level: 2\ncolour: red", "line 3: E00 Only base"),
        ("incident@3.0.0", "incident@9.9.9", "which is not here"),
        ("incident@3.0.0", "change@1.0.0", "No practice of this name"),
        ("incident@3.0.0", "&a incident", "anchors"),
        ("incident@3.0.0", "!!python/name:os.system", "tags are refused"),
        ("    why: customers answer fast\n", "", "line 4: E00 an operation says why"),
        ("to: 2d", "to: soon", "line 4: E00 String"),
        ("autoclose", "autoclase", "line 4: E00 nothing leads to this path"),
    ],
)
def test_a_file_that_does_not_fit_leaves_nothing(
    operator: Person, old: str, new: str, reason: str
) -> None:
    with pytest.raises(Refused) as no:
        import_recipe(FILE.replace(old, new), by=operator)
    assert reason in no.value.message
    assert not RecipeDraft.objects.exists()


def test_answers_are_read_from_a_text() -> None:
    told = answers_in("a.b.c: retain\nd.e.f: {merge: [1], why: both}\ng.h.i: {move: j.k.l}\n")
    assert told == {
        "a.b.c": Answer("retain"),
        "d.e.f": Answer("merge", to=[1], why="both"),
        "g.h.i": Answer("merge", path="j.k.l"),
    }
    with pytest.raises(Invalid, match=r"line 2: E00 Answer with retain"):
        answers_in("a.b.c: retain\nd.e.f: keep\n")
    with pytest.raises(Invalid, match="line 1"):
        answers_in("{")
