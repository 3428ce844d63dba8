"""Every page of the settings."""

from __future__ import annotations

from brigade.web.settings import installation, overviews

urlpatterns = [*installation.urlpatterns, *overviews.urlpatterns]
