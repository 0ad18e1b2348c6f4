"""Django's settings, read from the environment: README.md lists the variables."""

import os
import tempfile
from pathlib import Path

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("SIGNALBOX_HOME") or BASE_DIR / ".signalbox").absolute()
MODE = environment.choice("SIGNALBOX_MODE", ("single", "classroom"))
DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = [
    "localhost",
    ".localhost",
    "127.0.0.1",
    "[::1]",
    *environment.names("SIGNALBOX_ALLOWED_HOSTS"),
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "messaging.kernel",
    "messaging.awslambda",
    "messaging.cloudwatch",
    "messaging.events",
    "messaging.pipes",
    "messaging.scheduler",
    "messaging.schemas",
    "messaging.sns",
    "messaging.sqs",
    "messaging.simulation",
    "dashboard",
]

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "dashboard.security.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": environment.database(HOME)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The writer thread needs a file of its own: a shared in-memory database has no WAL.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"signalbox-test-{os.getpid()}.sqlite3")
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "signalbox"},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    ),
}

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
# Cookies ignore the port: other programs on localhost use Django's default names.
SESSION_COOKIE_NAME = "signalbox_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "signalbox_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
# Networks that HTTP endpoints may be in; nothing else is ever called. The server of a class room
# must not be made to call what else runs beside it.
ENDPOINT_NETWORKS = [
    *(("127.0.0.0/8", "::1/128") if MODE == "single" else ()),
    *environment.names("SIGNALBOX_ENDPOINT_NETWORKS"),
]
# Code of functions runs on one's own machine only, and only where its owner says so: ``start`` sees
# to both, and switches it on. Any other way to serve this leaves it off.
RUN_CODE_ASKED = environment.flag("SIGNALBOX_RUN_CODE")
RUN_CODE = False
# Where this server is reached on this machine, if ``start`` has told.
OWN_URL = ""
# Sites that may frame a sandbox in its embedded form (?embed=1); nothing else is ever framed.
EMBED_ORIGINS = environment.names("SIGNALBOX_EMBED_ORIGINS")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
# Every translation lives here: the templates and the engine have no place of their own.
LOCALE_PATHS = [BASE_DIR / "dashboard" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # A Host that is not ours is the caller's fault and is answered with 400.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
