"""`brigade recipe simulate`: the file it reads, and what it says of a replay."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from brigade.config.cli.recipe_simulate import _data, _operations, _words
from brigade.kernel.refused import Hidden, Invalid
from brigade.kernel.work.simulation.findings import Block, Found
from brigade.kernel.work.simulation.replay import Counts, Load, Replay

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_an_overlay_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("overlay: [{set: facets.core.timers.autoclose.after, to: 3d, why: Fast}]")
    (operation,) = _operations(file) or ()
    assert (operation.path, operation.to) == ("facets.core.timers.autoclose.after", "3d")
    file.write_text("overlay: [{set: facets.core.timers.autoclose.after, to: 3d}]")
    with pytest.raises(Invalid):
        _operations(file)
    with pytest.raises(Hidden):
        _operations(tmp_path / "nothing.yaml")
    assert _operations(None) is None


def replay() -> Replay:
    block = Block(1, AT, "active", "wait", "missing_field", "store_no")
    counts = Counts.of([Found(1, moves=3, block=block, blocked_moves=1), Found(2, moves=2)])
    rows: dict[str, Any] = {
        "blocks": (block,), "asked": (), "clicked": (), "shifts": (),
        "numbers": {1: ("INC-1", "T")},
        "loads": (Load("change_manager", 4, 2, 35), Load("team_lead", 4, 1, None)),
        "reasons": counts.reasons(), "approvals": {},
    }  # fmt: skip
    return Replay(key="incident", version="3.1.0", checksum="", days=90, since=AT, until=AT,
                  whole=True, left_out=0, **(rows | counts.sums()))  # fmt: skip


def test_what_it_says_is_what_a_program_reads() -> None:
    found = _data(replay())
    assert (found["records"], found["blocked"], found["blocks"][0]["number"]) == (2, 1, "INC-1")
    said = _words(found)
    assert "blocked: 1 records (50.0 %), 1 moves" in said
    assert "change_manager: asked 4 times, 35 min a week for each" in said
    assert "team_lead: asked 4 times, not known a week for each" in said
    assert "INC-1  wait from active: missing_field store_no" in said
