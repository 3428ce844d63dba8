"""The layers that only pages pass, in the order in which the settings name them."""

from __future__ import annotations

from django.contrib.auth.middleware import AuthenticationMiddleware as _AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware as _MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware as _SessionMiddleware
from django.middleware.common import CommonMiddleware as _CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware as _CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware as _LocaleMiddleware
from django_htmx.middleware import HtmxMiddleware as _HtmxMiddleware

from brigade.config.middleware import for_pages
from brigade.web.shell.errors import RefusedMiddleware as _RefusedMiddleware
from brigade.web.shell.reader import ReaderMiddleware as _ReaderMiddleware

SessionMiddleware = for_pages(_SessionMiddleware)
LocaleMiddleware = for_pages(_LocaleMiddleware)
CommonMiddleware = for_pages(_CommonMiddleware)
CsrfViewMiddleware = for_pages(_CsrfViewMiddleware)
AuthenticationMiddleware = for_pages(_AuthenticationMiddleware)
ReaderMiddleware = for_pages(_ReaderMiddleware)
MessageMiddleware = for_pages(_MessageMiddleware)
HtmxMiddleware = for_pages(_HtmxMiddleware)
RefusedMiddleware = for_pages(_RefusedMiddleware)
