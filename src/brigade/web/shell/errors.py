"""Every no in one place: a refusal from below, and the errors of Django itself.

A page says what is wrong and what to do. To htmx the same sentence goes as a
notice at the bottom of the page that stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brigade.kernel.refused import Refused
from brigade.web.shell.render import page

Words = tuple[str | Promise, str | Promise]

WORDS: Final[dict[int, Words]] = {
    400: (
        _("That could not be read"),
        _("The address or the form was incomplete. Go back, reload the page and try again."),
    ),
    403: (
        _("You may not do this"),
        _("Your role does not include it. Somebody who administers Brigade can grant the role."),
    ),
    404: (
        _("There is nothing here"),
        _("The address is wrong, or it is something that is not shared with you."),
    ),
    409: (
        _("That is not possible now"),
        _("Something changed in the meantime, or the rules do not allow it in this state."),
    ),
    422: (_("There is a problem"), _("Go back and put right what is said here.")),
    500: (
        _("Something broke on our side"),
        _("It has been noted. Try again in a moment; what you saved before is safe."),
    ),
}


class RefusedMiddleware:
    """Show a refusal that a page did not deal with itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done where the view raises."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a Refused into its answer; anything else is not ours."""
        if not isinstance(error, Refused):
            return None
        return refusal(request, error.status, str(error.message))


def refusal(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """Return the answer for a no with this status; `message` says it better than the default."""
    title, advice = WORDS.get(status, WORDS[409])
    context = {"status": status, "title": title, "message": message, "advice": advice}
    if getattr(request, "htmx", False):
        answer = page(request, "shell/refusal_notice.jinja", context, status)
        answer["HX-Retarget"] = "#toasts"
        answer["HX-Reswap"] = "beforeend"
        return answer
    return page(request, "shell/refusal.jinja", context, status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return refusal(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return refusal(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what is not there and what is hidden."""
    return refusal(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database for anything."""
    title, advice = WORDS[500]
    return page(request, "shell/broken.jinja", {"title": title, "advice": advice}, 500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own page, or came too late."""
    message = _(
        "The page was open too long or in another window. Go back, reload it and send again."
    )
    return refusal(request, 403, str(message))
