"""The sentences of lint that many findings share: what is not there, how to put a finding right."""

from __future__ import annotations

from brigade.kernel.sentences import _


def no_such(what: str, name: str) -> str:
    """Return the sentence for a name of some kind that nothing has."""
    sentences = {
        "state": _("There is no state “%(name)s”."),
        "target": _("There is no state “%(name)s” to lead to."),
        "transition": _("There is no step “%(name)s”."),
        "event": _("There is no step and no event “%(name)s”."),
        "moment": _("There is no state and no step “%(name)s”."),
        "notice": _("There is no event “%(name)s” that anybody could be told of."),
        "role": _("There is no role “%(name)s”."),
        "clock": _("There is no clock “%(name)s”."),
        "timer": _("There is no timer “%(name)s”."),
        "approval": _("There is no approval “%(name)s”."),
        "field": _("There is no field “%(name)s”."),
        "counter": _("There is no field “%(name)s” that holds a whole number."),
        "time": _("There is no field “%(name)s” that holds a day or an instant."),
        "name": _("“%(name)s” is neither a field nor listed under inputs."),
        "input": _("A recipe cannot ask for “%(name)s” under inputs."),
        "facet": _("There is no facet “%(name)s”."),
        "practice": _("There is no practice “%(name)s”."),
    }
    return sentences[what] % {"name": name}


def remedy(code: str) -> str:
    """Return how findings of a code are put right, as one sentence; empty for an unknown code."""
    return _remedies().get(code, "")


def _remedies() -> dict[str, str]:
    return _errors() | _warnings()


def _errors() -> dict[str, str]:
    return {
        "E00": _("Correct what is written at this place."),
        "E01": _("Add a step that leads to the state, or remove it."),
        "E02": _("Add a step that leads on from the state to an end."),
        "E03": _("Correct the name, or add what it names."),
        "E04": _("Correct the formula: it needs an answer of the right kind for every value."),
        "E05": _("Name the accountable role, and give it to somebody."),
        "E06": _("Ask roles that people hold, and fewer votes than there are people."),
        "E07": _("Say which state or which step stops the clock, and see that it can be reached."),
        "E08": _("Let the field be filled in earlier, ask for it later, or give it a default."),
        "E09": _("Adopt the facet that is needed, or leave this one out."),
        "E10": _("Break the circle: let a person take one of its steps."),
        "E11": _("Say into which state the records go, or let them finish on their version."),
        "E12": _("Define the figure, or take it off the list."),
        "E13": _("Let somebody else decide: ask another role, or keep out whom it concerns."),
    }


def _warnings() -> dict[str, str]:
    return {
        "W01": _("Remove the state, if it is not needed."),
        "W02": _("Merge states that nobody has to tell apart."),
        "W03": _("Give one of the roles to somebody, or open the step to another role."),
        "W04": _("Remove the field, or ask for it where people know the answer."),
        "W05": _("See to the evidence, or stay at the level below until it is there."),
        "W06": _("Promise such a target, or make the clock a stopwatch (target: none)."),
    }
