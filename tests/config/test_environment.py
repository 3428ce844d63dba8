"""Settings: where they come from, and what is said when one is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from brigade.config import secret
from brigade.config.reading import all_settings, read
from brigade.config.reference import settings_page
from brigade.kernel.refused import Invalid

ROOT = Path(__file__).parents[2]


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    found = read({"BRIGADE_HOME": str(tmp_path)}, tmp_path)
    assert found.home == tmp_path
    assert found.address == "http://127.0.0.1:8000"
    assert "localhost" in found.hosts
    assert not found.mail.host


def test_a_variable_wins_over_the_file_and_the_home_over_the_working_folder(
    tmp_path: Path,
) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    home.mkdir()
    folder.mkdir()
    (home / "brigade.toml").write_text('[mail]\nhost = "smtp.example.org"\nport = 25\n')
    (folder / "brigade.toml").write_text('[mail]\nhost = "elsewhere.example.org"\n')
    found = read(
        {
            "BRIGADE_HOME": str(home),
            "BRIGADE_MAIL_PORT": "465",
            "BRIGADE_ALLOWED_HOSTS": "a.example.org, b.example.org",
            "BRIGADE_WEB_HOST": "",
            "DATABASE_URL": "postgresql://somewhere/brigade",
        },
        folder,
    )
    assert (found.mail.host, found.mail.port) == ("smtp.example.org", 465)
    assert found.allowed_hosts == ("a.example.org", "b.example.org")
    assert found.web.host == "127.0.0.1"
    assert found.database_url == "postgresql://somewhere/brigade"


def test_every_problem_is_named_with_the_way_to_put_it_right(tmp_path: Path) -> None:
    (tmp_path / "brigade.toml").write_text('[mail]\nhots = "x"\n[web]\nworkers = 0\n')
    variables = {
        "BRIGADE_HOME": str(tmp_path),
        "BRIGADE_WEB_PORT": "eighty",
        "BRIGADE_PUBLIC_URL": "desk.example.org",
        "BRIGADE_MAIL_PASWORD": "x",
    }
    with pytest.raises(Invalid) as refused:
        read(variables, tmp_path)
    said = refused.value.message.splitlines()
    assert len(said) == 5
    assert "BRIGADE_MAIL_PASWORD is not a setting. Did you mean BRIGADE_MAIL_PASSWORD?" in said
    assert any("mail.hots is not a setting" in line and "`host`" in line for line in said)
    assert any("BRIGADE_WEB_PORT" in line and "'eighty'" in line for line in said)
    assert any("BRIGADE_WEB_WORKERS" in line for line in said)
    assert any("http:// or https://" in line for line in said)


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "brigade.toml").write_text("[mail]\npassword = 8675309\n")
    with pytest.raises(Invalid) as refused:
        read({"BRIGADE_HOME": str(tmp_path)}, tmp_path)
    assert "8675309" not in refused.value.message


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "brigade.toml").write_text("mail host")
    with pytest.raises(Invalid, match=r"brigade\.toml is not valid TOML"):
        read({"BRIGADE_HOME": str(tmp_path)}, tmp_path)


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = secret.make(tmp_path / "home")
    first = path.read_text()
    secret.make(tmp_path / "home")
    assert secret.read(tmp_path / "home") == first
    assert len(first) > 40
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_reference_page_is_the_one_the_program_makes() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert page == settings_page()
    assert all(setting.field.description for setting in all_settings())
