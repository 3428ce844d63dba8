"""Every page of calendars."""

from __future__ import annotations

from brigade.web.calendars import calendars, forms

urlpatterns = [*forms.urlpatterns, *calendars.urlpatterns]
