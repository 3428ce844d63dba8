"""Django's settings. What an installation decides itself comes from `environment`."""

from __future__ import annotations

from pathlib import Path

from brigade.config import reading, secret
from brigade.config.database.url import django_database, embedded_url
from brigade.config.environment import SESSION_COOKIE

BRIGADE = reading.load()
"""The settings of this installation, typed: `settings.BRIGADE.files.max_bytes`."""

PACKAGE = Path(__file__).resolve().parent.parent
WEB = PACKAGE / "web"

SECRET_KEY = BRIGADE.secret_key or secret.read(BRIGADE.home)
DEBUG = False
ALLOWED_HOSTS = BRIGADE.hosts
CSRF_TRUSTED_ORIGINS = [BRIGADE.address]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ENCRYPTED = BRIGADE.address.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENCRYPTED
SESSION_COOKIE_NAME = SESSION_COOKIE
CSRF_COOKIE_NAME = "brigade_csrf"
SESSION_COOKIE_AGE = BRIGADE.session.hours * 3600
PASSWORD_RESET_TIMEOUT = 24 * 3600
if BRIGADE.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = BRIGADE.trusted_proxies

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "procrastinate.contrib.django",
    "brigade.kernel.parties",
    "brigade.kernel.calendars",
    "brigade.kernel.services",
    "brigade.kernel.recipes",
    "brigade.kernel.records",
    "brigade.kernel.live",
    "brigade.kernel.outbox",
    "brigade.kernel.clocks",
    "brigade.kernel.approvals",
    "brigade.kernel.measures",
    "brigade.kernel.work",
    "brigade.governance.decision_rights",
    "brigade.governance.decisions",
    "brigade.operation.incidents",
    "brigade.improvement.improvements",
    "brigade.integrations.logs",
    "brigade.web",
]

MIDDLEWARE = [
    "brigade.config.middleware.RequestLog",
    "brigade.config.middleware.Probes",
    "django.middleware.security.SecurityMiddleware",
    "brigade.web.shell.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "brigade.config.page_middleware.SessionMiddleware",
    "brigade.config.page_middleware.LocaleMiddleware",
    "brigade.config.page_middleware.CommonMiddleware",
    "brigade.config.page_middleware.CsrfViewMiddleware",
    "brigade.config.page_middleware.AuthenticationMiddleware",
    "brigade.config.page_middleware.ReaderMiddleware",
    "brigade.config.page_middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "brigade.config.page_middleware.HtmxMiddleware",
    "brigade.config.page_middleware.RefusedMiddleware",
]
CSRF_FAILURE_VIEW = "brigade.web.shell.errors.csrf_failed"
LOGGING_CONFIG = None
"""`brigade.config.logs` sets logging up, once for each process."""

# Not every module called tasks is about jobs, so those are named.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = [
    "brigade.jobs.schedule",
    "brigade.jobs.imports",
    "brigade.jobs.examples",
]

ROOT_URLCONF = "brigade.config.urls"
WSGI_APPLICATION = "brigade.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "brigade.web.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates_allauth"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "brigade.web.shell.render.frame",
            ],
        },
    },
]

DATABASES = {"default": django_database(BRIGADE.database_url or embedded_url(BRIGADE.home))}

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "brigade.config.accounts.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "brigade.config.accounts.ClosedSignup"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Brigade"
# A passkey made on a laptop, where the address is http://localhost, is still one.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENCRYPTED

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BRIGADE.home / "static"
STATICFILES_DIRS = [path for path in (PACKAGE / "static",) if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

BRIGADE_HOME = BRIGADE.home
BRIGADE_FILE_LIMIT = BRIGADE.files.max_bytes
BRIGADE_FILE_SCANNER = BRIGADE.files.scanner
MEDIA_ROOT = BRIGADE.home / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

EMAIL_HOST = BRIGADE.mail.host
EMAIL_PORT = BRIGADE.mail.port
EMAIL_HOST_USER = BRIGADE.mail.user
EMAIL_HOST_PASSWORD = BRIGADE.mail.password
EMAIL_USE_TLS = BRIGADE.mail.tls == "starttls"
EMAIL_USE_SSL = BRIGADE.mail.tls == "tls"
EMAIL_TIMEOUT = BRIGADE.mail.timeout
DEFAULT_FROM_EMAIL = BRIGADE.mail.sender
