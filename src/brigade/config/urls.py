"""Every address of Brigade: the API, sign-in, and the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from brigade.config import accounts

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("brigade.api.urls")),
    path("accounts/email/", accounts.addresses_are_given),
    path("accounts/", include("allauth.urls")),
    path("", include("brigade.web.urls")),
]

handler400 = "brigade.config.errors.bad_request"
handler403 = "brigade.config.errors.forbidden"
handler404 = "brigade.config.errors.not_found"
handler500 = "brigade.config.errors.broken"
