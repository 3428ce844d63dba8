"""Every page of services and offerings."""

from __future__ import annotations

from brigade.web.services import forms, services

urlpatterns = [*forms.urlpatterns, *services.urlpatterns]
