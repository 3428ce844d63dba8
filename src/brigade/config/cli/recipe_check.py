"""`brigade recipe check`: what runs here, against the people, records and promises there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.kernel.recipes.errors import LintError
    from brigade.kernel.recipes.evidence import Evidence


def check(
    key: Annotated[str, typer.Argument(help="The key of a practice, such as incident.")],
    level: Annotated[
        int | None,
        typer.Option(min=2, max=3, help="Ask for the evidence of this level as well."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say everything lint finds in the recipe that runs here, with the facts of this installation.

    With --level also whether the practice is ready for that level. Exit code 1 where there
    is an error; a warning, and evidence that is missing, leave it 0.
    """
    out = Output(json)
    with installation():
        from brigade.kernel.recipes import world
        from brigade.kernel.recipes.queries import running
        from brigade.kernel.recipes.readiness import readiness

        version = running(key).version_id
        found = world.check(world.published(version)) if version else []
        evidence = readiness(key, level) if level is not None else []
    told_of(found, out, evidence, key=key)


def told_of(
    found: list[LintError], out: Output, evidence: list[Evidence] | None = None, **about: Any
) -> None:
    """Print findings, errors and warnings apart, and end with exit code 1 where one is an error."""
    lines = [f"{each}\n    {each.remedy}" for each in found] or ["Nothing is wrong."]
    lines += [f"{each.status}: {each.said}: {each.sentence}" for each in evidence or ()]
    errors, warnings = (
        [each.as_dict() for each in found if each.severity == severity]
        for severity in ("error", "warning")
    )
    pieces = {} if evidence is None else {"evidence": [each.as_dict() for each in evidence]}
    out.result({**about, "errors": errors, "warnings": warnings, **pieces}, "\n".join(lines))
    if errors:
        raise typer.Exit(1)
