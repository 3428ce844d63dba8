"""The entry point of the web server for pages and API."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from brigade.config import logs, reading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brigade.config.settings")
logs.configure(reading.load().log)

application = get_wsgi_application()
