"""What somebody has typed and not sent, kept while they type."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brigade.kernel.work.drafts import save_draft
from brigade.web.shell.reader import reader
from brigade.web.shell.times import localtime

PASSING = frozenset({"csrfmiddlewaretoken", "key", "seen", "then", "version"})
"""What a form sends that nobody typed."""
CHOSEN = frozenset({"visibility", "team", "service"})
"""What is worth keeping only beside something typed."""


@login_required
@require_POST
def draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is in the form and say when; an emptied form keeps nothing."""
    sent = {name: str(value) for name, value in request.POST.items() if name not in PASSING}
    typed = any(value.strip() for name, value in sent.items() if name not in CHOSEN)
    saved = save_draft(form, sent if typed else {}, by=reader(request))
    words = _("Draft saved %(time)s") % {"time": localtime(saved, "time")} if saved else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


urlpatterns = [path("drafts/<path:form>", draft, name="draft")]
