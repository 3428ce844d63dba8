"""A request that arrives twice takes effect once, even when both arrive at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from brigade.kernel.instants import at_instant, now
from brigade.kernel.records.idempotency import forget_old_answers
from brigade.kernel.records.models import IdempotencyKey, JournalEntry, Record
from tests.api.conftest import Program
from tests.cast import Cast

Programs = Callable[..., Program]


@pytest.mark.django_db
def test_the_same_request_gets_the_same_answer(desk: Cast, program: Programs) -> None:
    sam = program(desk.sam)
    body = {"title": "Once", "fields": {"requester": desk.eve.pk}}
    first = sam.post("/records", body, Idempotency_Key="k1")
    again = sam.post("/records", body, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (again["Idempotent-Replayed"], again["ETag"]) == ("true", first["ETag"])
    assert again["Location"] == first["Location"]
    assert Record.objects.count() == 1
    other = sam.post("/records", {**body, "title": "Twice"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "key_used")
    assert program(desk.nora).post("/records", body, Idempotency_Key="k1").status_code == 201
    assert Record.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_keeps_no_key(desk: Cast, incident: Record, program: Programs) -> None:
    sam, path = program(desk.sam), f"/records/{incident.number}/transitions"
    body = {"transition": "reopen"}
    assert sam.post(path, body, Idempotency_Key="k").status_code == 409
    assert not IdempotencyKey.objects.exists()
    done = {"transition": "resolve", "fields": {"resolution": "Rebooted."}}
    assert sam.post(path, done, Idempotency_Key="k").status_code == 200
    assert sam.post(path, done, Idempotency_Key="k", If_Match='"1"').status_code == 200
    assert JournalEntry.objects.filter(record=incident, kind="moved").count() == 1


@pytest.mark.django_db
def test_a_key_is_kept_for_a_day(desk: Cast, incident: Record, program: Programs) -> None:
    sam, path = program(desk.sam), f"/records/{incident.number}/entries"
    body = {"body": "Looking into it.", "visibility": "public"}
    sam.post(path, body, Idempotency_Key="k")
    with at_instant(now() + timedelta(hours=23)):
        assert sam.post(path, body, Idempotency_Key="k")["Idempotent-Replayed"] == "true"
    with at_instant(now() + timedelta(hours=23, minutes=59, seconds=59)):
        assert forget_old_answers(now=now()) == 0
    assert forget_old_answers(now=now() + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_effect_once(desk: Cast, program: Programs) -> None:
    sam, together = program(desk.sam), Barrier(2)
    body = {"title": "Both at once", "fields": {"requester": desk.eve.pk}}

    def send(_n: int) -> tuple[int, Any]:
        try:
            together.wait()
            answer = sam.post("/records", body, Idempotency_Key="race")
            return answer.status_code, answer.json()
        finally:
            connection.close()

    for _round in range(5):
        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(send, range(2))
        assert first == second
        assert first[0] == 201
    assert Record.objects.count() == 1
