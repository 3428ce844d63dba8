"""The page and the routes of an upgrade: cards in words, answers that do not fit, who may."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
import yaml
from django.test import Client

from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes import library
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.differences import MISSING
from brigade.kernel.recipes.models import Adoption, RecipeDraft
from brigade.kernel.recipes.overlay import Operation, read_all
from brigade.kernel.recipes.parse import read as recipe
from brigade.kernel.recipes.upgrade import Card, Upgrade
from brigade.kernel.recipes.upgrading import Offer
from brigade.kernel.refused import Invalid
from brigade.web.recipes.draft_words import changes_of
from brigade.web.recipes.upgrade_words import in_words, places, question, value_of
from tests.cast import Cast
from tests.kernel.recipes.library_versions import library_text, library_version
from tests.kernel.work.conftest import desk

__all__ = ["desk"]
POLICIES = "facets.core.policies"
HELP = "facets.core.fields.urgent.help"
FIELD = "facets.classify.fields.store_no"
WORDS = "facets.core.fields.affected_users.label"


def ours() -> tuple[Operation, ...]:
    """What is tailored on 3.0.0: a list and a text the library changes too, a field it drops."""
    here = library_version("3.0.0").data["facets"]["core"]["policies"]
    return (
        Operation("set", POLICIES, [*here[1:], "Ours"], "We say it", "Pia Kern"),
        Operation("set", HELP, "Call if it burns.", "Nobody read it", "Pia Kern"),
        Operation("rename_label", FIELD, "Shop", "We have shops", "Pia Kern"),
        Operation("set", WORDS, "Colleagues affected", "Our word", "Pia Kern"),
    )


def with_field(version: str) -> str:
    """The library's text with one field more; 3.1.0 calls it otherwise, and helps differently."""
    document = library_version(version)
    data = copy.deepcopy(dict(document.data))
    name = "store_no" if version == "3.0.0" else "shop_no"
    data["facets"]["classify"]["fields"][name] = {"type": "text", "label": "Store"}
    if version == "3.1.0":
        data["facets"]["core"]["fields"]["urgent"]["help"] = "Only if it cannot wait."
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


# -- without rows -------------------------------------------------------------------------


def card(**more: Any) -> Card:
    values = {"kind": "conflict", "path": POLICIES, "old": ["a", "b"], "new": ["a", "b", "c"],
              "ours": ["b", "d"]} | more  # fmt: skip
    return Card(**values)


def offer() -> Offer:
    old, new = library_version("3.0.0"), library_version("3.1.0")
    return Offer("incident", old, new, Upgrade(old.data, new.data, ()))


def test_a_card_says_of_lists_what_differs() -> None:
    told = in_words(offer(), card(kind="taken"))
    assert (told["label"], told["old"], told["new"]) == (
        "Principles",
        "a; b",
        "c; 2 that both have",
    )
    asked = question(offer(), card(proposal=["b", "c", "d"]))
    assert (asked["form"], asked["to"], asked["ours"]) == ("lines", "b\nc\nd", "b; d")


@pytest.mark.parametrize(
    ("of", "given", "value"),
    [
        ({}, "b\r\n  d \n\n", ["b", "d"]),
        ({}, "   ", MISSING),
        ({"new": "4d", "ours": "3d"}, "2d", "2d"),
        ({"new": True, "ours": False}, "true", True),
        ({"new": {"type": "int"}, "ours": MISSING}, "type: text\nof: 1", {"type": "text", "of": 1}),
        ({"new": [{"at": "50%"}], "ours": []}, "- at: 80%", [{"at": "80%"}]),
    ],
)  # fmt: skip
def test_a_merge_is_written_as_whoever_owns_a_process_would(
    of: dict[str, Any], given: str, value: Any
) -> None:
    assert value_of(card(**of), given) == value


@pytest.mark.parametrize("given", ["[", "&a [*a]", "a: b: c", "!!python/name:os.system x", "\0"])
def test_what_cannot_be_read_says_so(given: str) -> None:
    with pytest.raises(Invalid, match="cannot be read") as no:
        value_of(card(new={"type": "int"}), given)
    assert no.value.field == POLICIES


def test_an_orphan_is_offered_every_place_of_its_kind() -> None:
    new = {
        "facets": {"core": {"fields": {"a": {}, "b": {"help": "x"}}}, "more": {"fields": {"c": {}}}}
    }
    assert list(places(new, "facets.core.fields.gone.label")) == [
        "facets.core.fields.a.label", "facets.core.fields.b.label", "facets.more.fields.c.label",
    ]  # fmt: skip
    assert list(places(new, "facets.core.fields.gone")) == [
        "facets.core.fields.a", "facets.core.fields.b", "facets.more.fields.c",
    ]  # fmt: skip
    assert list(places(new, "facets.core.survey")) == ["facets.more.survey"]


# -- with rows ----------------------------------------------------------------------------


@pytest.fixture
def house(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """3.0.0 with what is tailored runs here, Petra's; the library has 3.1.0."""
    version = publish_version(
        "incident", by=desk.operator, level=2, text=with_field("3.0.0"), overlay=ours()
    )
    with acting(desk.operator):
        Adoption.objects.filter(key="incident").update(
            version=version, level=2, owner=desk.petra, provisional=False
        )
    newest = {**library.installed(), "incident": recipe(with_field("3.1.0"))}
    monkeypatch.setattr(library, "installed", lambda: newest)
    return desk


def client(person: Any) -> Client:
    made = Client()
    made.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return made


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content
    return re.sub(r"\s+", " ", answer.content.decode())


def call(person: Any, path: str, body: Any, status: int = 200, **headers: str) -> Any:
    answer = client(person).post(
        f"/api/v1/recipes/incident/{path}", json.dumps(body), "application/json", headers=headers
    )
    assert answer.status_code == status, answer.content
    return answer.json()


ADDRESS = "/recipes/incident/upgrade"


@pytest.mark.django_db
def test_every_question_is_answered_on_the_page(house: Cast) -> None:
    petra = client(house.petra)
    shown = page(petra.get(ADDRESS))
    paths = re.findall(r'name="path-\d" value="([^"]+)"', shown)
    assert sorted(paths) == sorted([HELP, POLICIES, FIELD])
    assert "gone from the library" in shown and "both changed it" in shown
    assert "Whoever resolves says how" in shown and "Kept as ours" in shown
    place = {path: paths.index(path) for path in paths}
    form = {f"path-{n}": path for path, n in place.items()}
    none = page(petra.post(ADDRESS, form), 409)
    assert all(f'href="#choice-{n}"' in none for n in range(3))
    assert "Say what shall hold for Field “Urgent”: help." in none

    form |= {f"choice-{n}": "merge" for n in place.values()}
    form |= {f"to-{place[HELP]}": "", f"to-{place[POLICIES]}": "One\nTwo"}
    bad = page(petra.post(ADDRESS, form), 422)
    assert f'href="#to-{place[HELP]}"' in bad and "One Two" in bad
    form |= {f"to-{place[HELP]}": "Call.", f"why-{place[HELP]}": "Shorter"}
    assert "no place for" in page(petra.post(ADDRESS, form), 422)
    moved = page(petra.post(ADDRESS, {**form, "path-0": "facets.core.kpis"}), 409)
    assert "Something has changed meanwhile" in moved
    assert not RecipeDraft.objects.exists()

    shop = FIELD.replace("store_no", "shop_no")
    form[f"to-{place[FIELD]}"] = shop
    assert f'<option value="{shop}">Field “Store”</option>' in shown
    assert petra.post(ADDRESS, form).status_code == 302
    told = dict(changes_of(RecipeDraft.objects.get()))
    assert told["Library"] == "3.1.0"
    assert any("Only if it cannot wait." in said for said in told.values()), "who approves sees it"
    found = {each.path: each for each in read_all(RecipeDraft.objects.get().overlay)}
    assert (found[HELP].to, found[HELP].why, found[HELP].author) == (
        "Call.", "Shorter", house.petra.name,
    )  # fmt: skip
    assert found[POLICIES].to == ["One", "Two"]
    assert found[f"{shop}.label"].to == "Shop" and WORDS in found
    again = page(petra.get(ADDRESS))
    assert "This upgrade is in a draft." in again and "choice-0" not in again


@pytest.mark.django_db
def test_others_read_and_do_not_answer(house: Cast) -> None:
    shown = page(client(house.sam).get(ADDRESS))
    assert "You can read this, and not answer it." in shown and "choice-0" not in shown
    assert f"{house.petra.name} answers for this practice." in shown
    page(client(house.sam).post(ADDRESS), 403)
    page(client(house.eve).get(ADDRESS), 404)


@pytest.mark.django_db
def test_programs_answer_once_and_with_what_a_file_could_hold(house: Cast) -> None:
    petra = house.petra
    offered = client(petra).get("/api/v1/recipes/incident/upgrade").json()
    asked = offered["unanswered"]
    assert sorted(asked) == sorted([HELP, POLICIES, FIELD])
    deep: Any = "x"
    for _turn in range(900):
        deep = {"a": deep}
    answers = (
        {"choice": "merge", "to": deep},
        {"choice": "merge", "to": ["a\0"]},
        {"choice": "retain", "why": "a\0"},
        {"choice": "keep"},
    )
    for answer in answers:
        call(petra, "upgrade", {"answers": dict.fromkeys(asked, answer)}, 422)
    for wrong, status in (
        ({"answers": {"facets.core.kpis": {"choice": "retain"}}}, 422),
        ({"text": "recipe: ["}, 422),
        ({"text": library_text("3.0.0").replace("3.0.0", "2.9.0", 1)}, 409),
        ({}, 409),
    ):
        call(petra, "upgrade", wrong, status)
    told = {path: {"choice": "revert"} for path in asked}
    for hostile in (deep, "a\0"):
        overlay = [{"set": WORDS, "to": hostile, "why": "x"}]
        call(petra, "simulation", {"overlay": overlay}, 422)
    assert call(petra, "upgrade/plan", {"answers": {}})["overlay"] == []
    assert not RecipeDraft.objects.exists()
    key = {"Idempotency-Key": "once"}
    first = call(petra, "upgrade", {"answers": told}, **key)
    assert call(petra, "upgrade", {"answers": told}, **key) == first
    draft = RecipeDraft.objects.get()
    assert (first["state"], first["base"]) == ("draft", "incident@3.1.0")
    assert [each["set"] for each in first["overlay"]] == [WORDS]
    assert draft.overlay == first["overlay"]
    call(petra, "upgrade", {"answers": told}, 409)


@pytest.mark.django_db
def test_a_practice_goes_out_and_comes_in_as_a_file(house: Cast) -> None:
    petra = house.petra
    text = client(petra).get("/api/v1/recipes/incident/file").json()["text"]
    call(petra, "file", {"text": text}, 409)
    call(petra, "file", {"text": text.replace("base: incident", "base: change")}, 422)
    no = call(petra, "file", {"text": text.replace("level: 2", "level: two")}, 422)
    assert "line 2" in no["detail"]
    call(house.sam, "file", {"text": "base: ["}, 403)
    came = call(petra, "file", {"text": text.replace("Our word", "Ours since May")})
    assert "Ours since May" in {each["why"] for each in came["overlay"]}


@pytest.mark.django_db
def test_nothing_newer_is_said_so(house: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    older = recipe(with_field("3.0.0").replace("version: 3.0.0", "version: 2.9.0", 1))
    newest = {**library.installed(), "incident": older}
    monkeypatch.setattr(library, "installed", lambda: newest)
    petra = client(house.petra)
    assert "There is nothing to take." in page(petra.get(ADDRESS))
    assert "There is nothing to take." in page(petra.post(ADDRESS))
    assert "See the upgrade" not in page(petra.get("/recipes/incident"))
    told = petra.get("/api/v1/recipes/incident/upgrade").json()
    assert (told["old"], told["new"], told["cards"]) == ("3.0.0", None, [])
