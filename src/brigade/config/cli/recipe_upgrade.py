"""`brigade recipe diff | upgrade | export | import`: what is adapted here, and the library.

Each of these needs the database: what an organisation adapts are rows.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import RecipeDraft
    from brigade.kernel.recipes.settling import Answer
    from brigade.kernel.recipes.upgrade import Card, Upgrade

KeyArgument = Annotated[str, typer.Argument(help="The key of a practice, such as incident.")]
ToOption = Annotated[
    Path | None, typer.Option("--to", help="A recipe file; default: the library's own.")
]
WORDS = {
    "conflict": "both changed it",
    "orphan": "gone from the library",
    "taken": "taken from the library",
    "kept": "kept, only ours",
    "same": "the same on both sides",
}


def diff(key: KeyArgument, to: ToOption = None, json: JsonOption = False) -> None:
    """Compare what runs here with the library, path by path; with what a newer one would change."""
    out = Output(json)
    with installation():
        from brigade.kernel.recipes.queries import overlay_of, running
        from brigade.kernel.recipes.upgrading import upgrade_on_offer
        from brigade.kernel.refused import Refused

        version = running(key).version
        overlay = [each.as_dict() for each in overlay_of(key)]
        try:
            offer = upgrade_on_offer(key, text=_text(to))
        except Refused as no:
            if no.code != "nothing_newer":
                raise
            offer = None
    here = version.version if version else ""
    data: dict[str, Any] = {"key": key, "version": here, "overlay": overlay}
    data |= {"newer": offer.new.recipe.version if offer else None}
    data |= {"cards": [card.as_dict() for card in offer.merge.cards] if offer else []}
    lines = (
        [f"{key} {here}", *map(_operation, overlay)] if overlay else [f"{key} {here}: untailored"]
    )
    if offer:
        lines += ["", f"The library has {offer.new.recipe.version}:", *_told(offer.merge)]
    out.result(data, "\n".join(lines))


def upgrade(
    key: KeyArgument,
    to: ToOption = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="A file with an answer for each path: retain, revert, or {merge: VALUE}."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come of it; write nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Take the library's newer recipe with what is adapted here, as a draft to be approved."""
    out = Output(json)
    with installation() as here:
        from brigade.kernel.recipes.settling import settled
        from brigade.kernel.recipes.upgrading import upgrade_on_offer, upgrade_recipe

        text = _text(to)
        offer = upgrade_on_offer(key, text=text)
        told = _answers(answers) if answers else {}
        data: dict[str, Any] = {
            "key": key,
            "from": offer.old.recipe.version,
            "to": offer.new.recipe.version,
            "cards": [card.as_dict() for card in offer.merge.cards],
        }
        lines = [f"{key} {data['from']} -> {data['to']}", *_told(offer.merge)]
        open_ = [card.path for card in offer.merge.asked if card.path not in told]
        if dry_run:
            overlay = [] if open_ else [each.as_dict() for each in settled(offer.merge, told)]
            out.result(data | {"unanswered": open_, "overlay": overlay}, "\n".join(lines))
            return
        draft = upgrade_recipe(key, by=here.operator, answers=told, text=text)
        out.result(data | _draft(draft), "\n".join([*lines, "", *_draft_lines(draft)]))


def export(
    key: KeyArgument,
    file: Annotated[Path | None, typer.Argument(help="Where to; default: standard output.")] = None,
    json: JsonOption = False,
) -> None:
    """Write a practice as it is adapted here as one file that fits in git."""
    out = Output(json)
    with installation():
        from brigade.kernel.recipes.upgrading import export_recipe

        text = export_recipe(key)
    if file is None:
        out.result({"key": key, "text": text}, text.rstrip("\n"))
        return
    _write(file, text)
    out.result({"key": key, "file": str(file)}, f"{key} is written to {file}.")


def import_(
    file: Annotated[Path, typer.Argument(help="The file, or - for standard input.")],
    json: JsonOption = False,
) -> None:
    """Begin a draft that says what such a file says; what runs stays until it is published."""
    from brigade.config.cli.recipe import content_of

    out = Output(json)
    content = content_of(file)
    with installation() as here:
        from brigade.kernel.recipes.upgrading import import_recipe

        draft = import_recipe(content, by=here.operator)
        out.result(_draft(draft), "\n".join(_draft_lines(draft)))


def _told(merge: Upgrade) -> list[str]:
    return [_card(card) for card in merge.cards] or ["  nothing that is said here has changed"]


def _card(card: Card) -> str:
    from brigade.kernel.recipes.differences import MISSING

    values = {"was": card.old, "is": card.new, "ours": card.ours}
    said = ", ".join(f"{n} {v}" for n, v in values.items() if v is not MISSING)
    asked = card.kind in ("conflict", "orphan")
    why = f" ({card.why}; {card.author})" if card.operations else ""
    return f"{'?' if asked else ' '} {card.path}: {WORDS[card.kind]}; {said[:200]}{why}"


def _operation(each: dict[str, Any]) -> str:
    kind = next(iter(each))
    to = f" to {str(each['to'])[:120]}" if "to" in each else ""
    return f"  {kind} {each[kind]}{to} ({each['why']}; {each['author']})"


def _draft(draft: RecipeDraft) -> dict[str, Any]:
    return {
        "draft": draft.pk,
        "state": draft.state,
        "overlay": draft.overlay,
        "findings": draft.findings,
    }


def _draft_lines(draft: RecipeDraft) -> list[str]:
    found = [f"  {each['code']} {each['message']}" for each in draft.findings]
    return [f"Draft {draft.pk} of {draft.key} is open: submit, approve and publish it.", *found]


def _text(file: Path | None) -> bytes | None:
    from brigade.config.cli.recipe import content_of

    return None if file is None else content_of(file)


def _answers(file: Path) -> dict[str, Answer]:
    """Read a file of answers, each with its path; Invalid with the line of every fault."""
    from brigade.config.cli.recipe import content_of
    from brigade.kernel.recipes.answers import answers_in

    return answers_in(content_of(file))


def _write(file: Path, text: str) -> None:
    from brigade.kernel.refused import Invalid

    if file.is_dir():
        raise Invalid("cannot_write", f"{file} is a folder. Name a file in it.", "file")
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as fault:
        with suppress(OSError):
            part.unlink()
        raise Invalid("cannot_write", f"{file} cannot be written: {fault.strerror}.") from fault
