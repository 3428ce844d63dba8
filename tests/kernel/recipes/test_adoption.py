"""Publishing and adopting, over real rows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import operator as operator_account
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import actions, queries
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.refused import Hidden, Invalid, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Person:
    return operator_account("Console")


@pytest.fixture
def ana(operator: Person) -> Person:
    with acting(operator):
        return Person.objects.create(name="Ana", email="ana@example.org")


def test_a_fresh_installation_runs_incident_level_1_provisionally(operator: Person) -> None:
    actions.adopt_provisionally(by=operator)

    recipe = queries.recipe_for("incident")
    adoption = queries.adoption_of("incident")

    assert (recipe.version, recipe.level, len(recipe.states)) == ("2.0.0", 1, 6)
    assert adoption is not None
    assert adoption.provisional
    assert adoption.owner is None
    assert list(recipe.states) == ["new", "active", "waiting", "resolved", "closed", "cancelled"]


def test_adopting_provisionally_again_changes_nothing(operator: Person) -> None:
    actions.adopt_provisionally(by=operator)

    assert actions.adopt_provisionally(by=operator) == []
    assert RecipeVersion.objects.count() == 1


def test_adoption_needs_an_accountable_person(operator: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.adopt("incident", by=operator)

    assert refusal.value.field == "owner"


def test_adopting_for_good_ends_the_provisional_state(operator: Person, ana: Person) -> None:
    actions.adopt_provisionally(by=operator)
    actions.adopt("incident", by=operator, owner=ana, rationale="We repair things.")

    adoption = Adoption.objects.get()
    assert (adoption.provisional, adoption.owner) == (False, ana)


def test_who_holds_no_role_adopts_nothing(ana: Person) -> None:
    with pytest.raises(NotPermitted):
        actions.adopt("incident", by=ana, owner=ana)


def test_a_kind_that_nobody_adopted_is_hidden() -> None:
    with pytest.raises(Hidden):
        queries.recipe_for("demand")


def test_a_recipe_that_is_not_installed_is_hidden(operator: Person) -> None:
    with pytest.raises(Hidden):
        actions.publish_version("demand", by=operator)


def test_a_published_version_never_changes(operator: Person) -> None:
    version = actions.publish_version("incident", by=operator)

    with pytest.raises(DatabaseError), transaction.atomic():
        RecipeVersion.objects.filter(pk=version.pk).update(source="")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()


def test_the_compiled_version_is_kept(operator: Person) -> None:
    version = actions.publish_version("incident", by=operator)

    assert queries.recipe_version(version.pk) is queries.recipe_version(version.pk)
    assert queries.recipe_version(version.pk).checksum == version.checksum


def test_a_level_that_the_recipe_does_not_have_is_refused(operator: Person) -> None:
    with pytest.raises(Invalid) as no:
        actions.publish_version("incident", by=operator, level=3)

    assert no.value.field == "level"
