"""The paper of a decision as its form has it: one line for each criterion and mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid
from brigade.web.parties.asking import Given, whole
from brigade.web.shell.money import read_money, typed

if TYPE_CHECKING:
    from brigade.governance.decisions.models import Decision

OPTIONS = 4
"""How many options the form offers; a program may send eight."""


def paper_given(decision: Decision) -> Given:
    """Return the paper as the form shows it."""
    lines = [f"{one['name']}; {one['weight']}" for one in decision.criteria]
    review = decision.review_on
    given = Given(criteria="\n".join(lines), recommended=decision.recommended,
                  review_on=review.isoformat() if review else "")  # fmt: skip
    for place, one in enumerate(decision.options[:OPTIONS]):
        marks = [_line(mark["text"], mark["points"]) for mark in one["marks"]]
        given |= {
            f"title_{place}": one["title"],
            f"amount_{place}": typed(one["amount"], decision.currency),
            f"marks_{place}": "\n".join(marks),
        }
    return given


def _line(text: str, points: int | None) -> str:
    return text if points is None else f"{text}; {points}"


def paper_sent(request: HttpRequest, currency: str) -> dict[str, Any]:
    """Return what was typed as the verb takes it; raises Invalid with the field at fault."""
    sent = request.POST
    options: list[dict[str, Any]] = []
    recommended = None
    for place in range(OPTIONS):
        title = sent.get(f"title_{place}", "").strip()
        if not title:
            continue
        if sent.get("recommended") == str(place):
            recommended = len(options)
        marks = [_split(line, f"marks_{place}") for line in _lines(sent.get(f"marks_{place}", ""))]
        options.append(
            {
                "title": title,
                "amount": read_money(sent.get(f"amount_{place}", ""), currency, f"amount_{place}"),
                "marks": [{"text": text, "points": points} for text, points in marks],
            }
        )
    criteria = [
        {"name": name, "weight": 1 if weight is None else weight}
        for name, weight in (_split(line, "criteria") for line in _lines(sent.get("criteria", "")))
    ]
    return {"options": options, "criteria": criteria, "recommended": recommended}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _split(line: str, field: str) -> tuple[str, int | None]:
    """Return words and the number behind their last semicolon."""
    words, mark, number = line.rpartition(";")
    if not mark:
        return line, None
    found = whole(number.strip())
    if found is None:
        raise Invalid("whole_number", _("Write a whole number behind the semicolon."), field)
    return words.strip(), found
