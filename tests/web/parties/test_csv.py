"""Files of people and groups: looked at first, taken whole or not at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.services.models import Offering, Service

pytestmark = pytest.mark.django_db


def look(client: Client, person: Any, kind: str, text: str | bytes) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    client.force_login(person)
    return client.post(f"/csv/{kind}", {"file": SimpleUploadedFile("x.csv", data)})


def carried(answer: Any) -> str:
    found = re.search(r'name="carried" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("kind", "text", "who", "model"),
    [
        ("people", "name,email,organisation\nIda,ida@x.example,finance\n", "ada", Person),
        ("teams", "name;description\nNachtschicht;Ä, ö und ü\n", "ada", Team),
        ("organisations", "code,name,kind\ndepot,Depot,customer\n", "ada", Organisation),
        ("services", "code,name,owner\nwiki,Wiki,olga@meridian.example\n", "paul", Service),
        ("offerings", "service,code,name\npayroll,basic,Basic\n", "paul", Offering),
    ],
)
def test_a_look_changes_nothing_and_the_second_step_takes_it(
    client: Client, cast: Any, kind: str, text: str, who: str, model: Any
) -> None:
    before = model.objects.count()
    answer = look(client, getattr(cast, who), kind, text)
    assert answer.status_code == 200 and model.objects.count() == before
    assert "Would be added" in answer.content.decode()
    taken = client.post(f"/csv/{kind}", {"carried": carried(answer)})
    assert taken.status_code == 302 and model.objects.count() == before + 1
    assert client.get(taken["Location"]).status_code == 200


def test_a_downloaded_file_changes_nothing(client: Client, cast: Any) -> None:
    client.force_login(cast.ada)
    for kind in ("people", "teams", "organisations"):
        file = client.get(f"/csv/{kind}/file")
        assert file["Content-Type"].startswith("text/csv")
        text = look(client, cast.ada, kind, file.content).content.decode()
        assert 'name="carried"' not in text and "Already so" in text, kind


def test_errors_stand_by_line_and_nothing_is_taken(client: Client, cast: Any) -> None:
    answer = look(client, cast.ada, "people", "name,email\nIda,ida@x.example\nBo,nonsense\n")
    text = answer.content.decode()
    assert answer.status_code == 422 and "not a mail address" in text
    assert 'name="carried"' not in text and "<title>Error:" in text
    assert not Person.objects.filter(email="ida@x.example").exists()


def test_what_changed_between_look_and_deed_is_said(client: Client, cast: Any) -> None:
    kept = carried(look(client, cast.ada, "teams", "name\nFresh\n"))
    client.post("/csv/teams", {"carried": kept})
    again = client.post("/csv/teams", {"carried": kept})
    assert again.status_code == 302 and Team.objects.filter(name="Fresh").count() == 1
    assert client.post("/csv/teams", {"carried": "?"}).status_code == 422


def test_only_who_may_takes_files_in(client: Client, cast: Any) -> None:
    assert look(client, cast.sam, "people", "name\nIda\n").status_code == 403
    assert look(client, cast.ada, "services", "code,name\nwiki,Wiki\n").status_code == 403
    assert look(client, cast.eve, "people", "name\nIda\n").status_code == 403
    client.force_login(cast.sam)
    assert 'type="file"' not in client.get("/csv/people").content.decode()


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"name\n" + b"x" * 1_500_000])
def test_files_that_cannot_be_taken(client: Client, cast: Any, data: bytes) -> None:
    assert look(client, cast.ada, "people", data).status_code == 422
