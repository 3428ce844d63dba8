"""`python -m bench`: measure, and say so."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench import results
from bench.run import ROUNDS, Run, progress

LEAST = 1_000


def sizes(text: str) -> list[int]:
    """Read `10000` or `10000,100000`."""
    found = sorted({int(part) for part in text.replace("_", "").split(",")})
    if found[0] < LEAST:
        raise argparse.ArgumentTypeError(f"{LEAST} records are the least that mean anything")
    return found


def main() -> None:
    """Measure at the sizes asked for; JSON or a table on standard output."""
    parser = argparse.ArgumentParser("bin/bench", description="Measure how fast Brigade is.")
    parser.add_argument(
        "--records", type=sizes, default=[10_000], help="sizes with commas between: 10000,100000"
    )
    parser.add_argument("--json", action="store_true", help="write one JSON document")
    parser.add_argument("--seconds", type=int, default=2, help="how long a round of a measure is")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="three, for figures to keep")
    parser.add_argument("--idle", type=float, default=5, help="seconds of silence before a page")
    parser.add_argument("--save", type=Path, help="also write the table to this Markdown file")
    asked = parser.parse_args()
    account = Run(asked.seconds, asked.idle, progress, asked.rounds).all(asked.records)
    table = results.markdown(account)
    if asked.save:
        asked.save.write_text(table)
    print(json.dumps(account, indent=2) if asked.json else table)


if __name__ == "__main__":
    main()
