"""Brigade's settings as the tests want them: nobody's own, fast, a home to throw away."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("BRIGADE_")]:
    if name != "BRIGADE_CASES" and not name.startswith("BRIGADE_TEST_"):
        del os.environ[name]
os.environ.pop("DATABASE_URL", None)
HOME = Path(tempfile.mkdtemp(prefix="brigade-test-home-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["BRIGADE_HOME"] = str(HOME)

from brigade.config.settings import *  # noqa: E402, F403

SECRET_KEY = "known to every test"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
