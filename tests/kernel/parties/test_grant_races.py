"""Two administrators at the same moment, on two connections."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from brigade.kernel.parties import actions, administrators
from brigade.kernel.parties.models import RoleGrant
from brigade.kernel.refused import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls: Callable[[], object]) -> list[str]:
    """Run the calls at the same moment and return "ok" or the code of each refusal."""
    barrier, outcomes = Barrier(len(calls)), [""] * len(calls)

    def run(index: int, call: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            call()
            outcomes[index] = "ok"
        except Refused as no:
            outcomes[index] = no.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_two_last_administrators_do_not_remove_each_other() -> None:
    ada = actions.create_first_admin(email="ada@x.example", name="Ada")
    amos = actions.add_person(name="Amos", email="amos@x.example", by=ada)
    second = actions.grant_role(amos, "admin", by=ada, reason="Second.")
    first = RoleGrant.objects.get(person=ada, role="admin")
    outcomes = together(
        lambda: actions.revoke_grant(second, by=ada),
        lambda: actions.revoke_grant(first, by=amos),
    )
    assert outcomes.count("ok") == 1
    assert len(administrators.administrators()) == 1


def test_one_grant_is_approved_once() -> None:
    ada = actions.create_first_admin(email="ada@x.example", name="Ada")
    others = []
    for name in ("Amos", "Anna"):
        other = actions.add_person(name=name, email=f"{name}@x.example", by=ada)
        grant = actions.grant_role(other, "admin", by=ada, reason="More of us.")
        if grant.state == "requested":
            actions.approve_grant(grant, by=others[0])
        others.append(other)
    eve = actions.add_person(name="Eve", email="eve@x.example", by=ada)
    asked = actions.grant_role(eve, "agent", by=ada)
    outcomes = together(*(lambda o=o: actions.approve_grant(asked, by=o) for o in others))
    assert sorted(outcomes) == ["not_requested", "ok"]


def test_two_first_administrators_are_one() -> None:
    outcomes = together(
        lambda: actions.create_first_admin(email="a@x.example", name="A"),
        lambda: actions.create_first_admin(email="b@x.example", name="B"),
    )
    assert sorted(outcomes) == ["administrator_exists", "ok"]


def test_nobody_approves_for_themselves_while_a_second_one_comes() -> None:
    ada = actions.create_first_admin(email="ada@x.example", name="Ada")
    amos = actions.add_person(name="Amos", email="amos@x.example", by=ada)
    eve = actions.add_person(name="Eve", email="eve@x.example", by=ada)
    together(
        lambda: actions.grant_role(amos, "admin", by=ada, reason="Second."),
        lambda: actions.grant_role(eve, "agent", by=ada, reason="Alone."),
    )
    admin = RoleGrant.objects.get(person=amos)
    agent = RoleGrant.objects.get(person=eve)
    assert admin.self_approved
    assert agent.self_approved == (agent.pk < admin.pk), "the later of the two sees the earlier"
