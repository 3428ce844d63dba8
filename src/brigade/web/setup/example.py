"""Example data: one click in and one click out, for as long as one wants to look around."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.integrations.meridian.queueing import example_state, queue_example
from brigade.kernel.parties.access import may_administer
from brigade.kernel.refused import Hidden
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def example(request: HttpRequest) -> HttpResponse:
    """Show how it stands with the example, and bring it in or take it out."""
    person = reader(request)
    if not may_administer(person):
        raise Hidden("no_example", _("There is nothing here."))
    if request.method == "POST":
        coming = "in" in request.POST
        queue_example("in" if coming else "out", by=person)
        messages.success(
            request,
            _("The example is on its way. You can go on working.")
            if coming
            else _("The example is being taken out. You can go on working."),
        )
        return redirect("setup_example")
    return page(request, "setup/example.jinja", {"state": example_state()})


urlpatterns = [path("setup/example", example, name="setup_example")]
