"""CSV in and out: errors by line, all rows or none, and twice the same changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brigade.kernel.parties import actions, queries, tables
from brigade.kernel.parties.csv_groups import (
    export_organisations,
    export_teams,
    import_organisations,
    import_teams,
)
from brigade.kernel.parties.csv_people import export_people, import_people
from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.parties.tables import ImportReport, harmless, harmless_back, read_table
from brigade.kernel.refused import NotPermitted
from tests.cast import Cast


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, len(report.errors)


PEOPLE = """email,name,phone,organisation,teams,manager
new@finance.example,Nia New,+44 20 1,finance,Service desk | network operations,boss@finance.example
boss@finance.example,Bob Boss,,FINANCE,,
EVE@finance.example,Eve Ledger,,,,
,Known By Name,,,,
"""


def test_people_come_in_and_the_second_time_nothing_changes(cast: Cast) -> None:
    report = import_people(PEOPLE.encode(), by=cast.ada)
    assert counts(report) == (3, 0, 1, 0)
    new = Person.objects.get(email="new@finance.example")
    assert (new.phone, new.organisation) == ("+44 20 1", cast.finance)
    assert len(queries.teams_of(new)) == 2
    assert queries.manager_of(new) == Person.objects.get(email="boss@finance.example")
    assert queries.grants_of(new) == [], "no file gives a role"
    assert counts(import_people(PEOPLE.encode(), by=cast.ada)) == (0, 0, 4, 0)


def test_a_dry_run_reports_the_same_and_keeps_nothing(cast: Cast) -> None:
    before = Person.objects.count()
    report = import_people(PEOPLE.encode(), by=cast.ada, dry_run=True)
    assert counts(report) == (3, 0, 1, 0) and report.as_dict()["dry_run"] is True
    assert Person.objects.count() == before


def test_one_bad_line_stops_all_and_every_error_is_told(cast: Cast) -> None:
    before = Person.objects.count()
    data = (
        "email,name,language,organisation,active\n"
        "good@x.example,Good,en,finance,yes\n"
        "bad,Bad,en,finance,yes\n"
        "a@x.example,,en,finance,yes\n"
        "b@x.example,B,xx,finance,yes\n"
        "c@x.example,C,en,nowhere,yes\n"
        "d@x.example,D,en,finance,maybe\n"
        "Good@x.example,Twin,en,finance,yes\n"
    )
    report = import_people(data.encode(), by=cast.ada)
    assert [(error.line, error.column) for error in report.errors] == [
        (8, "email"), (3, "email"), (4, "name"), (5, "language"), (6, "organisation"),
        (7, "active"),
    ]  # fmt: skip
    assert Person.objects.count() == before and counts(report)[:3] == (0, 0, 0)


def test_a_leaver_in_a_file_is_disabled_at_once(cast: Cast) -> None:
    data = b"email,name,active\nsam@meridian.example,Sam Desk,no\n"
    assert counts(import_people(data, by=cast.ada)) == (0, 1, 0, 0)
    assert queries.grants_of(cast.sam) == []
    both = b"email,name,active\nada@meridian.example,Ada Admin,no\n"
    assert import_people(both, by=cast.ada).errors[0].column == "active"


def test_an_empty_cell_leaves_what_is_there(cast: Cast) -> None:
    data = b"email,name,organisation,title\neve@finance.example,Eve Ledger,,\n"
    assert counts(import_people(data, by=cast.ada)) == (0, 0, 1, 0)
    assert Person.objects.get(pk=cast.eve.pk).organisation == cast.finance


@pytest.mark.parametrize("who", ["sam", "eve", "audrey", "carl"])
def test_only_administrators_import(cast: Cast, who: str) -> None:
    for verb in (import_people, import_teams, import_organisations):
        with pytest.raises(NotPermitted):
            verb(b"name\nx\n", by=getattr(cast, who))


def test_what_goes_out_comes_in_unchanged(cast: Cast) -> None:
    actions.change_person(cast.eve, by=cast.ada, title="=HYPERLINK()", phone="+49 1")
    for export, take in (
        (export_people, import_people),
        (export_teams, import_teams),
        (export_organisations, import_organisations),
    ):
        text = export(by=cast.ada)
        report = take(text.encode(), by=cast.ada)
        assert counts(report) == (0, 0, text.count("\r\n") - 1, 0), report.errors
    assert "'=HYPERLINK()" in export_people(by=cast.ada)
    assert export_people(by=cast.eve).count("\r\n") == 2, "a requester's file has themselves"


def test_teams_and_organisations(cast: Cast) -> None:
    teams = "name;description;email\nService Desk;First line;\nField;;field@x.example\n"
    assert counts(import_teams(teams.encode("utf-8-sig"), by=cast.ada)) == (1, 1, 0, 0)
    assert Team.objects.get(name="Field").email == "field@x.example"
    tree = "code,name,kind,parent\nsub,Sub,customer,top\ntop,Top,customer,\n"
    assert counts(import_organisations(tree.encode(), by=cast.ada)) == (2, 0, 0, 0)
    sub = Organisation.objects.get(code="sub")
    assert sub.parent is not None and sub.parent.code == "top"
    assert counts(import_organisations(tree.encode(), by=cast.ada)) == (0, 0, 2, 0)
    ring = "code,name,parent\ntop,Top,sub\n"
    assert import_organisations(ring.encode(), by=cast.ada).errors[0].column == "parent"


READ = {"columns": ("email", "name", "teams"), "required": ("name",), "key": ("email",)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_usual_files_are_read(encoding: str, separator: str) -> None:
    text = f'"E-Mail"{separator}Name\r\n"a@x"{separator}"Zoë, Å"\r\n\r\n'.replace("E-Mail", "Email")
    table = read_table(text.encode(encoding), **READ)
    assert table.errors == []
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"email": "a@x", "name": "Zoë, Å"})
    ]
    assert bool(table.notes) == (encoding == "latin-1")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\xff\xfen\x00a\x00", 1),
        (b"email\nx\n", 1),
        (b"name,name\nx,y\n", 1),
        (b"name\na,b\n", 2),
        (b'name\n"open\nx\n', 3),
        (b'name\n"a"b\n', 2),
        (b"name\n" + b"x" * 10_001 + b"\n", 2),
        (b"name\n" + b"x" * 200_000 + b"\n", 2),
        (b"email,name\nA@x,1\na@x,2\n", 3),
    ],
)
def test_every_broken_file_says_where(data: bytes, line: int) -> None:
    table = read_table(data, **READ)
    assert [error.line for error in table.errors] == [line]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert read_table(b"name\n" + b"x\n" * 10, **READ).errors
    monkeypatch.setattr(tables, "MOST_BYTES", 3)
    assert read_table(b"name\nx\n", **READ).errors


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    table = read_table(data, **READ)
    assert table.errors or all(row.cells for row in table.rows)


HEADERS = st.lists(st.sampled_from(["email", "name", "teams", "x", '"', "", "Name "]), max_size=5)
CELLS = st.text(st.sampled_from("ab ,;\t\"'\r\n|=+-@é\x00"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(HEADERS, st.lists(st.lists(CELLS, max_size=5), max_size=6), st.sampled_from(",;\t"))
def test_no_text_raises(header: list[str], rows: list[list[str]], mark: str) -> None:
    text = "\n".join(mark.join(line) for line in [header, *rows])
    table = read_table(text.encode(), **READ)
    for row in table.rows:
        assert set(row.cells) <= {"email", "name", "teams"} and row.line >= 2


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n")),
                         min_size=2, max_size=2)))  # fmt: skip
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    kept = [[cell.strip() for cell in row] for row in rows]
    kept = [row for row in kept if any(row)]
    text = tables.write_table(("email", "name"), kept)
    table = read_table(text.encode(), columns=("email", "name"), required=("name",), key=())
    assert [list(row.cells.values()) for row in table.rows] == kept


@given(st.text())
def test_no_cell_is_a_formula_and_none_is_lost(cell: str) -> None:
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not (cell.startswith("'") and cell[1:2] in "=+-@\t\r" and cell[1:2]):
        assert harmless_back(harmless(cell)) == cell
