"""How Brigade says no.

Every refusal is one of these exceptions, raised below the counters and rendered
once by each of them: the same no on a page, in the API and on the command line.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Refused(Exception):
    """A request that the rules do not allow, as the state of things stands.

    `code` is a stable machine word, `message` a translated sentence that says
    what is wrong and how to put it right, `field` the input it is about.
    """

    status: ClassVar[int] = 409

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(code, message, field)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotPermitted(Refused):
    """The person may see the thing, but not do this to it."""

    status = 403


class Hidden(Refused):
    """There is no such thing, or the person may not know that there is."""

    status = 404


class Stale(Refused):
    """The thing has changed since it was read.

    `theirs` maps each field in conflict to its present value, so that a page
    can offer both.
    """

    def __init__(
        self,
        code: str,
        message: str,
        field: str | None = None,
        *,
        theirs: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message, field)
        self.theirs = theirs or {}


class Invalid(Refused):
    """A value that cannot be taken; `field` names where it was given."""

    status = 422
