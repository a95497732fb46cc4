"""Settings, from the environment (`environment`) and nowhere else."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

import sivuvirta
from sivuvirta.web.config.environment import environment
from sivuvirta.web.core.logs import logging

_FOUND = environment()

DEBUG = _FOUND.debug
SECRET_KEY = _FOUND.secret_key
ALLOWED_HOSTS = list(_FOUND.hosts)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _FOUND.hosts] if _FOUND.secure else []
DATABASES = {"default": dict(_FOUND.database)}
HOME = _FOUND.home
MEDIA_ROOT = HOME / "uploads"  # outside of what the server hands out: a file is served by a view that asks the gate
STATIC_URL = "static/"
STATICFILES_DIRS = [("report", Path(sivuvirta.__file__).parent / "report" / "assets")]  # map and Sankey are those of the report
WHITENOISE_USE_FINDERS = True  # styles and scripts are served from where they lie: nothing is collected first

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "sivuvirta.web.core",
    "sivuvirta.web.accounts",  # before allauth: its templates are ours first
    "sivuvirta.web.registry",
    "sivuvirta.web.audit",
    "sivuvirta.web.studies",
    "sivuvirta.web.papers",
    "sivuvirta.web.disclosure",
    "sivuvirta.web.matching",
    "sivuvirta.web.imports",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_LEASE = 30.0  # seconds that a worker holds a job without a sign of life
JOB_BEAT = 1.0  # seconds between signs of life, and between looks whether it is to stop
STUDIES = HOME / "studies"
MIDDLEWARE = [
    "sivuvirta.web.audit.middleware.requests",
    "sivuvirta.web.core.logs.answered",
    "sivuvirta.web.core.metrics.measured",
    "sivuvirta.web.core.middleware.policy",
    "django.middleware.security.SecurityMiddleware",
    "sivuvirta.web.core.middleware.asked",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sivuvirta.web.core.limiting.limited",
    "sivuvirta.web.core.middleware.private",
    "sivuvirta.web.core.middleware.explained",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sivuvirta.web.accounts.activity.seen",
    "sivuvirta.web.accounts.speaking.spoken",
    "sivuvirta.web.accounts.consent.asked",
    "sivuvirta.web.accounts.factors.asked",
]
ROOT_URLCONF = "sivuvirta.web.config.urls"
WSGI_APPLICATION = "sivuvirta.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "sivuvirta.web.core.demo.demo",
                "sivuvirta.web.disclosure.waiting.waiting",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
FORMAT_MODULE_PATH = ["sivuvirta.web.core.formats"]
LANGUAGES = [("fi", _("Finnish")), ("en", _("English")), ("sv", _("Swedish")), ("es", _("Spanish"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _FOUND.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # no script reads one
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _FOUND.secure
if _FOUND.secure:  # a name that a browser takes from this host alone, for all of it, by https
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_AGE = 12 * 3600  # seconds; then a person logs in again
SECURE_HSTS_SECONDS = 31_536_000 if _FOUND.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _FOUND.secure
SECURE_REDIRECT_EXEMPT = [r"^-/health$", r"^-/metrics$"]  # asked by who looks after the server, from beside it
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # bytes of a form without its files
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"

# Signing in: django-allauth
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SIGNUP = _FOUND.signup
ACCOUNT_ADAPTER = "sivuvirta.web.accounts.adapters.Accounts"
SOCIALACCOUNT_ADAPTER = "sivuvirta.web.accounts.adapters.SignOn"
MFA_ADAPTER = "sivuvirta.web.accounts.adapters.SecondFactors"
ACCOUNT_FORMS = {"signup": "sivuvirta.web.accounts.forms.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Sivuvirta: "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter after a change of password, address or second factor
ACCOUNT_CHANGE_EMAIL = True  # one address a person; the new one holds once it is verified
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _FOUND.secure else "http"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/900s/key",
    "invite": "30/h/user",
    "deliver": "120/m/key",
    "deliver_refused": "30/m/ip",
}  # an address is locked for 15 minutes after 5 wrong passwords
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sivuvirta"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _FOUND.secure  # on localhost
USERSESSIONS_TRACK_ACTIVITY = True
SIGN_ON_URL = _FOUND.sign_on.get("url", "")
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {}
if _FOUND.sign_on:
    _APP = {"provider_id": "sso", "name": _FOUND.sign_on["name"], "client_id": _FOUND.sign_on["client"], "secret": _FOUND.sign_on["secret"]}
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [{**_APP, "settings": {"server_url": SIGN_ON_URL}}]}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # one count for all processes
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with few, who asks much would wash counts away
    }
}
# Counts of requests: on SQLite in files, so that nobody who reads waits for who writes; on PostgreSQL one count for all machines.
CACHES["limits"] = (
    {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(HOME / "limits"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else CACHES["default"]
)
PROXIES = _FOUND.proxies
REQUESTS = _FOUND.requests
IDLE = _FOUND.idle
SECOND_FACTOR = _FOUND.second_factor
DEMO = False  # set by who starts one
METRICS_TOKEN = _FOUND.metrics
LOGGING = logging(_FOUND.log, debug=DEBUG)
globals().update(_FOUND.mail)
