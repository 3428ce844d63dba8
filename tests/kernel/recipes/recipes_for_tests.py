"""The recipes these tests read: the three-level incident, the library, and a tiny one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from brigade.kernel.recipes import library
from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.merge import levels
from brigade.kernel.recipes.parse import Document, read

THREE_LEVELS = Path(__file__).with_name("incident_three_levels.yaml")

TINY = """
recipe: request
version: 1.0.0
title: Request
purpose: Give people what they ask for.
record: {kind: request, prefix: REQ, initial: new}
owner: process_owner
inputs: [priority]
facets:
  core:
    level: 1
    states:
      new: {category: new}
      doing: {category: active}
      done: {category: closed, terminal: true}
    fields:
      title: {type: text, required: {from: new}}
      cost: {type: int}
    transitions:
      start: {from: [new], to: doing, by: [agent]}
      finish: {from: [doing], to: done, by: [agent, system]}
    timers:
      late: {in: doing, after: 5d, fire: finish}
    raci:
      do: {R: agent, A: team_lead}
"""


@cache
def three_levels() -> Document:
    return read(THREE_LEVELS.read_text())


def every_recipe() -> list[CompiledRecipe]:
    """Every recipe of the library and the three-level incident, at each of its levels."""
    documents = [*library.installed().values(), three_levels()]
    return [compile_recipe(each, level) for each in documents for level in levels(each)]
