"""The start address sends each reader where their work is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from brigade.web.jinja import maybe_url
from brigade.web.shell.render import Frame


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead staff to the first thing in their navigation's work, everybody else to the portal."""
    frame = Frame(request)
    wanted = ("queue", "inbox") if frame.at_desk else ("portal_home",)
    addresses = [maybe_url(name) for name in wanted]
    return redirect(next((address for address in addresses if address), maybe_url("account")))


urlpatterns = [path("", home, name="home")]
