"""`brigade recipe`: check a recipe file, show what is installed, explain one part of it.

What is written here needs no database: recipes are files. What compares them with what is
adapted here stands in `recipe_upgrade`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from brigade.config.cli.frame import JsonOption, prepare
from brigade.config.cli.output import Output
from brigade.config.cli.recipe_check import check, told_of
from brigade.config.cli.recipe_simulate import simulate
from brigade.config.cli.recipe_upgrade import diff, export, import_, upgrade

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.parse import Document

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check, read and try recipes.")
app.command()(check)
app.command()(simulate)
app.command()(diff)
app.command()(upgrade)
app.command()(export)
app.command("import")(import_)

KeyArgument = Annotated[str, typer.Argument(help="The key of a practice, such as incident.")]
LevelOption = Annotated[int, typer.Option("--level", min=1, max=3, help="Level of adoption.")]


@app.command()
def lint(
    file: Annotated[Path, typer.Argument(help="The recipe file, or - for standard input.")],
    target: Annotated[
        list[str], typer.Option(help="A target that is promised; the option may be repeated.")
    ] = [],  # noqa: B006 - typer copies it
    json: JsonOption = False,
) -> None:
    """Say everything that is wrong with a recipe file; exit code 1 where there is an error.

    A warning alone leaves the exit code 0. Where targets are named, clocks without one
    are warned of (W06).
    """
    from brigade.kernel.recipes.facts import World
    from brigade.kernel.recipes.lint import lint_text

    content = content_of(file)
    world = World(measures=_measured(content), targets=frozenset(target) or None)
    told_of(lint_text(content, world), Output(json), file=str(file))


def _measured(content: bytes) -> frozenset[str] | None:
    """Return the figures measured for a practice that is installed; of others nothing is known."""
    import django

    from brigade.kernel.measures import library as measures
    from brigade.kernel.recipes import library
    from brigade.kernel.recipes.errors import RecipeError
    from brigade.kernel.recipes.parse import read

    prepare()
    django.setup()
    try:
        document = read(content)
    except RecipeError:
        return None
    ours = library.installed().get(document.recipe.recipe)
    return frozenset(measures.installed()) if ours and ours.checksum == document.checksum else None


@app.command()
def schema(json: JsonOption = False) -> None:
    """Write the JSON Schema of recipe files, for editors and other programs."""
    from brigade.kernel.recipes.language import json_schema

    Output(json=True).result(json_schema(), "")


@app.command()
def show(
    key: KeyArgument,
    level: LevelOption = 1,
    effective: Annotated[
        bool, typer.Option("--effective", help="The facets of the level, merged.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show an installed recipe: its states in words, or with --effective what it merges to."""
    import yaml

    from brigade.kernel.recipes.compile import stored_form
    from brigade.kernel.recipes.merge import effective as merged
    from brigade.kernel.recipes.words import states_in_words

    out = Output(json)
    document = _installed(key)
    form = stored_form(merged(document, level))
    if effective or json:
        out.result(form, lambda: yaml.safe_dump(form, sort_keys=False, allow_unicode=True))
        return
    recipe = _compiled(document, level)
    lines = [f"{recipe.title} {recipe.version}, level {level}", recipe.purpose, ""]
    for state in states_in_words(recipe):
        lines += [state.summary, *(f"  {sentence}" for sentence in state.by_itself)]
    out.result(form, "\n".join(lines))


@app.command()
def explain(
    key: KeyArgument,
    part: Annotated[str, typer.Argument(help="A state, a transition or a field.")],
    level: LevelOption = 1,
    json: JsonOption = False,
) -> None:
    """Explain one state, transition or field of an installed recipe."""
    recipe = _compiled(_installed(key), level)
    found = explained(recipe, part)
    words = "\n".join(f"{name}: {value}" for name, value in _rows(found))
    Output(json).result(found, words)


def explained(recipe: CompiledRecipe, part: str) -> dict[str, Any]:
    """Return a part of a recipe in words; Hidden where it has none of that name."""
    from dataclasses import asdict

    from brigade.kernel.recipes import words
    from brigade.kernel.refused import Hidden

    if part in recipe.states:
        return {"kind": "state", **asdict(words.state_in_words(recipe, part))}
    if part in recipe.transitions:
        move = recipe.transitions[part]
        way = asdict(words.way_in_words(recipe, move, move.from_[0]))
        return {"kind": "transition", "from": [recipe.label(key) for key in move.from_], **way}
    if part in recipe.fields:
        field = recipe.fields[part]
        rules = words.field_in_words(recipe, field)
        return {
            "kind": "field",
            "key": part,
            "name": recipe.label(part),
            "type": field.type,
            "rules": rules,
        }
    raise Hidden("no_such_part", f"{recipe.title} has no state, transition or field “{part}”.")


def _rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in found.items():
        if isinstance(value, list | tuple):
            rows += [(name.replace("_", " "), _row(item)) for item in value]
        elif value:
            rows.append((name.replace("_", " "), str(value)))
    return rows


def _row(item: Any) -> str:
    return (
        f"{item['step']} -> {item['to']} ({item['who']})" if isinstance(item, dict) else str(item)
    )


def content_of(file: Path) -> bytes:
    """Return what is in a file, or comes in for -; Hidden where it cannot be read."""
    import sys

    from brigade.kernel.refused import Hidden

    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Hidden("no_such_file", f"{file} cannot be read: {fault.strerror}.") from fault


def _installed(key: str) -> Document:
    import django

    from brigade.kernel.recipes import library
    from brigade.kernel.refused import Hidden

    prepare()
    django.setup()
    document = library.installed().get(key)
    if document is None:
        known = ", ".join(library.installed())
        raise Hidden("no_such_recipe", f"There is no recipe “{key}”. Installed: {known}.")
    return document


def _compiled(document: Document, level: int) -> CompiledRecipe:
    from brigade.kernel.recipes.compile import compile_recipe

    return compile_recipe(document, level)
