"""Settings, from the environment (`environment`) and nowhere else."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

import sivuvirta
from sivuvirta.web.config.environment import environment

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
    "django.contrib.staticfiles",
    "sivuvirta.web.core",
    "sivuvirta.web.accounts",
    "sivuvirta.web.registry",
    "sivuvirta.web.audit",
    "sivuvirta.web.studies",
    "django_tasks",
    "django_tasks_db",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_LEASE = 30.0  # seconds that a worker holds a job without a sign of life
JOB_BEAT = 1.0  # seconds between signs of life, and between looks whether it is to stop
STUDIES = HOME / "studies"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sivuvirta.web.core.middleware.policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sivuvirta.web.audit.middleware.requests",
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
LANGUAGES = [("fi", _("Finnish")), ("en", _("English")), ("sv", _("Swedish")), ("es", _("Spanish"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _FOUND.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _FOUND.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _FOUND.secure
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # bytes of a form without its files
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
