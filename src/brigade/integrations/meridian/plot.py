"""The life of each incident, decided before anything is written: pure and seeded.

Agents have skills (their team), working hours and one thing at a time; people
answer when they are at work. What cannot be finished before the end of the
simulated time stays open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from brigade.integrations.meridian.arrivals import ZONE
from brigade.integrations.meridian.staffing import SERVICES, ServicePlan
from brigade.integrations.meridian.texts import faults, words

OPENS, CLOSES = 8, 18
CONFIRMS, REOPENS, CANCELS, ESCALATES, WAITS, WAITS_VENDOR, PHONES = (
    0.38, 0.045, 0.03, 0.22, 0.27, 0.06, 0.35,
)  # fmt: skip
"""Probabilities: that somebody confirms, reopens, cancels; that work is handed on, waits, waits
for a provider; that somebody calls during opening hours."""
AUTOCLOSE = timedelta(days=5)
ENDS = {"fixed": 0.7, "workaround": 0.12, "user_education": 0.1, "no_fault": 0.08}
"""How incidents end, and how often."""
HARD = 0.28
"""Probability that the cause takes days to find, beside other work."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One verb: at which instant, which, by whom (a person's key, or ""), with which values."""

    at: datetime
    verb: str
    by: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Agent:
    """Somebody in a team, and until when they are busy."""

    key: str
    team: str
    free: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """An incident to be played: what is reported, by whom, and what happens to it."""

    source_id: str
    service: str
    requester: str
    happenings: list[Happening]


def working(instant: datetime) -> datetime:
    """Return the instant itself inside opening hours, else the next opening."""
    local = instant.astimezone(ZONE)
    while local.weekday() > 4 or local.hour >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS, minute=0, second=0)
    if local.hour < OPENS:
        local = local.replace(hour=OPENS, minute=0, second=0)
    return max(local.astimezone(UTC), instant)


class Plot:
    """Decides one case after the other, in the order of arrival."""

    def __init__(
        self, random: Random, agents: list[Agent], people: dict[str, list[str]], until: datetime
    ) -> None:
        self._random = random
        self._agents = agents
        self._people = people
        self._until = until
        self._count = 0

    def cases(self, instants: list[datetime]) -> Iterator[Case]:
        """Yield a case for each arrival, with what happens before the simulated end."""
        codes, shares = list(SERVICES), [plan.share for plan in SERVICES.values()]
        for instant in instants:
            self._count += 1
            code = self._random.choices(codes, shares)[0]
            plan = SERVICES[code]
            requester = self._random.choice(self._people[self._random.choice(plan.customers)])
            told = list(self._life(instant, code, plan, requester))
            happenings = [event for event in told if event.at < self._until]
            yield Case(f"MER-{self._count:05d}", code, requester, happenings)

    def _take(self, team: str, ready: datetime, minutes: float) -> tuple[Agent, datetime, datetime]:
        """Give work to whoever of the team is free first; return when it starts and ends."""
        agent = min((a for a in self._agents if a.team == team), key=lambda a: (a.free, a.key))
        start = working(max(ready, agent.free))
        end = working(start + timedelta(minutes=minutes))
        agent.free = end
        return agent, start, end

    def _life(
        self, at: datetime, code: str, plan: ServicePlan, requester: str
    ) -> Iterator[Happening]:
        random = self._random
        places = {"n": str(random.randint(2, 60)), "month": words()["months"][at.month - 1]}
        title, text, solved = (part.format(**places) for part in random.choice(faults(code)))
        urgent = random.random() < plan.urgent
        yield self._opened(at, requester, title, text, urgent)
        if random.random() < CANCELS:
            gone = at + timedelta(minutes=random.randint(3, 240))
            yield Happening(
                gone, "cancel", requester, {"cancel_reason": random.choice(words()["cancelled"])}
            )
            return
        minutes = plan.minutes * random.lognormvariate(0, 0.6) * (0.7 if urgent else 1)
        ready = at + timedelta(minutes=random.expovariate(1 / (6 if urgent else 28)))
        steps = list(self._worked(plan, ready, minutes, requester))
        yield from (happening for _done, _agent, happening in steps)
        done, agent, _last = steps[-1]
        outcome = self._outcome(code, solved)
        yield Happening(done, "resolve", agent, outcome)
        yield from self._ended(done, requester, agent, outcome)

    def _outcome(self, code: str, solved: str) -> dict[str, str]:
        """Return what resolving asks for: what helped, what was broken, how it ended."""
        (close_code,) = self._random.choices(list(ENDS), list(ENDS.values()))
        category = self._random.choice(words()["categories"][code])
        return {"resolution": solved, "category": category, "close_code": close_code}

    def _opened(
        self, at: datetime, requester: str, title: str, text: str, urgent: bool
    ) -> Happening:
        values = {"title": title, "description": text, "urgent": "true" if urgent else "false"}
        called = working(at) == at and self._random.random() < PHONES
        if self._random.random() < 0.2:
            values["affected_users"] = str(self._random.randint(2, 40))
        if not called:
            return Happening(at, "open", requester, {**values, "channel": "portal"})
        desk = self._random.choice([agent for agent in self._agents if agent.team == "desk"])
        return Happening(at, "open", desk.key, {**values, "channel": "phone"})

    def _worked(
        self, plan: ServicePlan, ready: datetime, minutes: float, requester: str
    ) -> Iterator[tuple[datetime, str, Happening]]:
        random = self._random
        team = plan.team
        if team == "desk" and random.random() < ESCALATES:
            first, start, end = self._take("desk", ready, 8)
            team = random.choice(("applications", "network"))
            yield end, first.key, Happening(start, "start", first.key)
            yield end, first.key, Happening(end, "hand_on", first.key, {"team": team})
            agent, start, end = self._take(team, end, minutes)
            yield end, agent.key, Happening(start, "own", agent.key)
        else:
            agent, start, end = self._take(team, ready, minutes)
            yield end, agent.key, Happening(start, "start", agent.key)
        said = start + (end - start) / 4
        if random.random() < HARD:
            end = working(end + timedelta(hours=random.lognormvariate(3.9, 0.7)))
        yield (
            end,
            agent.key,
            Happening(said, "reply", agent.key, {"body": random.choice(words()["replies"])}),
        )
        if random.random() < 0.35:
            noted = start + (end - start) / 2
            note = {"body": random.choice(words()["notes"])}
            yield end, agent.key, Happening(noted, "note", agent.key, note)
        chance = random.random()
        if chance < WAITS:
            yield from self._asked(agent, end, requester)
        elif chance < WAITS + WAITS_VENDOR:
            back = working(end + timedelta(hours=random.lognormvariate(2.2, 0.7)))
            waits = {"waiting_reason": "provider"}
            yield back, agent.key, Happening(end, "wait", agent.key, waits)
            yield back, agent.key, Happening(back, "resume", agent.key)

    def _asked(
        self, agent: Agent, end: datetime, requester: str
    ) -> Iterator[tuple[datetime, str, Happening]]:
        random = self._random
        waits = {"waiting_reason": "requester"}
        question = {"body": random.choice(words()["questions"])}
        yield end, agent.key, Happening(end, "reply", agent.key, question)
        yield end, agent.key, Happening(end, "wait", agent.key, waits)
        answered = working(end + timedelta(hours=random.lognormvariate(1.4, 1.0)))
        answer = {"body": random.choice(words()["answers"])}
        yield answered, agent.key, Happening(answered, "reply", requester, answer)
        yield answered, agent.key, Happening(answered, "resume", requester)
        _agent, _start, done = self._take(agent.team, answered, 12)
        yield done, agent.key, Happening(done, "reply", agent.key, {"body": words()["replies"][3]})

    def _ended(
        self, done: datetime, requester: str, agent: str, outcome: dict[str, str]
    ) -> Iterator[Happening]:
        random, chance = self._random, self._random.random()
        if chance < CONFIRMS:
            yield Happening(
                working(done + timedelta(hours=random.uniform(0.2, 40))), "confirm", requester
            )
            return
        if chance < CONFIRMS + REOPENS:
            back = done + timedelta(hours=random.uniform(2, 90))
            yield Happening(back, "reply", requester, {"body": random.choice(words()["reopened"])})
            yield Happening(back, "reopen", requester)
            done = working(back + timedelta(hours=random.uniform(1, 9)))
            yield Happening(done, "resolve", agent, outcome)
        yield Happening(done + AUTOCLOSE, "autoclose", "")
