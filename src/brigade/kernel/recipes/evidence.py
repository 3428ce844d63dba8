"""Evidence asked before a level is raised: what a recipe says of it, and what was found.

A recipe lists its evidence as sentences for people. A sentence written in one of
the forms below is also a question to the rows; any other is left to judgement and
says so. Pure: who answers the questions is the business of `readiness`.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from brigade.kernel.sentences import _

Status = Literal["met", "not_met", "not_known"]

FIGURE_COMPUTED: Final = "figure_computed"
RESOLVED_HERE: Final = "resolved_here"
FIELD_SET: Final = "field_set"
CLOCK_PAUSED: Final = "clock_paused"
TEAMS_LED: Final = "teams_led"
SERVICES_OWNED: Final = "services_owned"
WEEKS: Final = 8
"""Looked back over where a sentence names no time of its own."""

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_COUNT = rf"(?P<number>\d{{1,2}}|{'|'.join(_WORDS)})"
_SHARE = r"(?P<share>\d{1,3})(?: ?%| in 100)"
_FORMS: Final = tuple(
    (check, re.compile(form, re.IGNORECASE))
    for check, form in (
        (FIGURE_COMPUTED, rf"(?P<subject>K\d\d) (?:is |was )?computed for {_COUNT} months"),
        (RESOLVED_HERE,
         rf"(?:in the )?last {_COUNT} weeks:? (?:>=|at least) {_SHARE}(?: of)? [\w -]+? "
         r"(?:were )?resolved (?:through|in) the tool"),
        (FIELD_SET, rf"(?P<subject>\w+) (?:is )?set on (?:>=|at least) {_SHARE} of [\w -]+"),
        (CLOCK_PAUSED,
         rf"(?P<subject>\w+) pauses (?:<|are less than|are under) {_SHARE} of elapsed time"),
        (TEAMS_LED, r"every team has a lead"),
        (SERVICES_OWNED, r"(?:every )?live services? (?:has|have) an owner"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence of a recipe as a question; `check` is empty where nothing can answer it.

    `subject` is the figure, the field or the clock it is about, `number` the months
    or weeks, `share` a percentage: reached by all checks but `clock_paused`, which
    stays below it.
    """

    said: str
    check: str = ""
    subject: str = ""
    number: int = WEEKS
    share: int = 100

    def is_met(self, num: int, den: int) -> bool:
        """Say whether so many of so many are enough."""
        if self.check == CLOCK_PAUSED:
            return num * 100 < self.share * den
        return num * 100 >= self.share * den


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rows say: `num` of `den`, and a sentence; without a `den` there are no data."""

    num: int
    den: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence for a level: what the recipe asks, and what was found.

    `said` is the recipe's sentence, a gettext id. `num` of `den` is the figure,
    both None where it is not known. `sentence` says it in the reader's language.
    """

    said: str
    check: str
    met: bool | None
    num: int | None
    den: int | None
    sentence: str

    @property
    def status(self) -> Status:
        """One word for programs and colours: met, not_met, not_known."""
        return "not_known" if self.met is None else ("met" if self.met else "not_met")

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values, the status in one word."""
        return {**asdict(self), "said": _(self.said), "status": self.status}


def asked(sentence: str) -> Asked:
    """Return a sentence of a recipe as the question it is, or as one that nothing answers."""
    text = " ".join(sentence.split()).rstrip(".")
    for check, form in _FORMS:
        if found := form.fullmatch(text):
            given = found.groupdict()
            return Asked(
                sentence,
                check,
                _subject(check, given.get("subject") or ""),
                _number(given.get("number")),
                int(given.get("share") or 100),
            )
    return Asked(sentence)


def _subject(check: str, written: str) -> str:
    return written.upper() if check == FIGURE_COMPUTED else written.lower()


def _number(written: str | None) -> int:
    if written is None:
        return WEEKS
    return _WORDS.get(written.lower()) or int(written)


def judged(question: Asked, answer: Answer | None) -> Evidence:
    """Return what an answer makes of a question; without data it is not known."""
    if answer is None:
        said = _("Nothing here measures this. Judge it yourself, and say how.")
        return Evidence(question.said, question.check, None, None, None, said)
    if answer.den <= 0:
        return Evidence(question.said, question.check, None, None, None, answer.sentence)
    met = question.is_met(answer.num, answer.den)
    return Evidence(question.said, question.check, met, answer.num, answer.den, answer.sentence)
