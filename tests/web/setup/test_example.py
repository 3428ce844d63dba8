"""Example data from a page: queued once, for an administrator, into an empty installation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brigade.integrations.meridian import queueing
from brigade.kernel.parties.actions import change_installation
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.work.opening import open_record
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGE = "/setup/example"


def jobs() -> list[dict[str, Any]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    found = ProcrastinateJob.objects.filter(task_name=queueing.TASK)
    return list(found.order_by("id").values_list("args", flat=True))


def test_one_click_in_and_one_click_out(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert "Bring the example in" in client.get(PAGE).content.decode()
    for _twice in range(2):
        assert client.post(PAGE, {"in": "1"})["Location"] == PAGE
    assert jobs() == [{"what": "in", "person_id": cast.ada.pk}]
    assert "It is on its way." in client.get(PAGE).content.decode()


def test_it_can_be_taken_out_when_it_is_in(client: Client, cast: Cast) -> None:
    change_installation(by=cast.ada, example_data=True)
    client.force_login(cast.ada)
    assert "Take the example out" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"in": "1"}).status_code == 409
    client.post(PAGE, {"out": "1"})
    assert jobs() == [{"what": "out", "person_id": cast.ada.pk}]


def test_work_of_ones_own_keeps_it_out(client: Client, cast: Cast) -> None:
    adopt_provisionally(by=cast.operator)
    open_record("incident", by=cast.eve, fields={"title": "Real"})
    client.force_login(cast.ada)
    assert "There is work of your own here already." in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"in": "1"}).status_code == 409
    assert jobs() == []


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "audrey", "bert"])
def test_it_is_an_administrators(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"in": "1"}).status_code == 404
    assert jobs() == []


def test_the_job_does_nothing_where_it_is_done(cast: Cast, monkeypatch: Any) -> None:
    done: list[str] = []
    monkeypatch.setattr(queueing, "load", lambda by: done.append(f"in {by.name}"))
    monkeypatch.setattr(queueing, "remove", lambda by: done.append(f"out {by.name}"))
    queueing.carry_out("out", cast.ada.pk)
    queueing.carry_out("in", cast.ada.pk)
    change_installation(by=cast.ada, example_data=True)
    queueing.carry_out("in", cast.ada.pk)
    queueing.carry_out("out", cast.ada.pk)
    assert done == ["in Ada Admin", "out Ada Admin"]
