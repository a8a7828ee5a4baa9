"""Settings of the program, all of them; what differs between machines is read from the environment.

The table in README.md lists every variable with its default.
"""

import sys
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from config.keys import fernet_key, random_text, stored_key

# NAME_FILE names a file that holds the value: the way of container secrets.
env = environ.FileAwareEnv()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
HTTPS = env.bool("HTTPS", default=False)
TESTING = "pytest" in sys.modules

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# What the codes printed on documents and plaques lead to.
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}").rstrip("/")

# --- keys -------------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="") or stored_key(DATA_DIR / "keys" / "secret_key", random_text)
HISTORY_KEY = env.str("HISTORY_KEY", default="") or stored_key(DATA_DIR / "keys" / "history_key", random_text)
FIELD_KEY = env.str("FIELD_KEY", default="") or stored_key(DATA_DIR / "keys" / "field_key", fernet_key)

# --- the house --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "programmes",
    "office",
    "studios",
    "evaluations",
    "applications",
    "funding",
    "portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "django_otp",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
]

MIDDLEWARE = [
    "accounts.middleware.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleLogout",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.CapacityMiddleware",
    "accounts.middleware.FirstPassword",
    "accounts.middleware.FirstThings",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "config.forms.Renderer"
FILTERS_EMPTY_CHOICE_LABEL = "全部"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # the widgets of django.forms
        "OPTIONS": {
            "environment": "config.templates.environment",
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.chrome",
            ],
        },
    },
]

# --- language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- database ---------------------------------------------------------------------------------------

# SQLite takes one writer at a time. IMMEDIATE makes a transaction ask for that place when it begins, so
# that it waits (up to the timeout) instead of failing half way when it turns from reader to writer.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def database() -> dict[str, Any]:
    """DATABASE_URL, or the embedded file; SQLite's connections end with their request."""
    if env.str("DATABASE_URL", default=""):
        chosen: dict[str, Any] = dict(env.db("DATABASE_URL"))
    else:
        chosen = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "db.sqlite3")}
    if chosen["ENGINE"] == "django.db.backends.sqlite3":
        # The tests use a file as well: threads must meet at the same locks as in the program.
        return chosen | {"OPTIONS": SQLITE_OPTIONS, "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")}}
    # Compiling a statement to machine code takes PostgreSQL longer than any answer of ours.
    options = {"options": "-c jit=off"} | dict(chosen.get("OPTIONS", {}))
    return chosen | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


DATABASES = {"default": database()}

# --- files ------------------------------------------------------------------------------------------

# Uploads have no address: they are handed out by a view that asks who is asking.
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "office.uploads.handler.RoomyUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A bucket that speaks S3's protocol instead of the folder, so that several machines share the files.
FILES_S3_BUCKET = env.str("FILES_S3_BUCKET", default="")
# The proxy sends them (X-Accel-Redirect to /protected/, deploy/nginx.conf) once the view has allowed it; what lies in
# the bucket the program sends itself.
ACCEL = env.bool("ACCEL", default=False) and not FILES_S3_BUCKET
# One uploaded file, in bytes.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# A score sheet of 25 indicators for several applications, or a batch of rows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# The manuals' pictures are part of docs/, where the manuals are read outside the program.
STATICFILES_DIRS = [BASE_DIR / "static", ("manual", BASE_DIR / "docs" / "pictures")]
STATIC_PLAIN = DEBUG or TESTING


def storage_of_files(folder: str, *, overwrite: bool = False) -> dict[str, object]:
    """Where files of one kind lie: a folder of the bucket, or one of MEDIA_ROOT or DATA_DIR."""
    if not FILES_S3_BUCKET:
        place = {} if folder == MEDIA_ROOT.name else {"location": DATA_DIR / folder}
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": place | {"allow_overwrite": overwrite},
        }
    return {
        "BACKEND": "config.storage.Bucket",
        "OPTIONS": {
            "bucket_name": FILES_S3_BUCKET,
            "endpoint_url": env.str("FILES_S3_ENDPOINT", default="") or None,
            "region_name": env.str("FILES_S3_REGION", default="") or None,
            "access_key": env.str("FILES_S3_KEY", default=""),
            "secret_key": env.str("FILES_S3_SECRET", default=""),
            "location": folder,
            "file_overwrite": overwrite,
        },
    }


STORAGES = {
    "default": storage_of_files("files"),
    # What waits for its owner between two pages (portal.registry.shelf).
    "shelf": storage_of_files("shelf", overwrite=True),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if STATIC_PLAIN
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
# Without collected files (development, tests) they are found where they lie.
WHITENOISE_USE_FINDERS = STATIC_PLAIN
WHITENOISE_AUTOREFRESH = DEBUG

# --- cache, jobs ------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "config.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        # A nudge is tried once: what it is about waits in the database.
        "max_retries": 0,
    }
    # A busy worker leaves the next message to another one.
    CELERY_WORKER_DISABLE_PREFETCH = True
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    BROKER_DIR = DATA_DIR / "broker"
    for folder in ("messages", "processed", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
    # Nobody asks a lone worker for its state; the messages would pile up as files.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False

# A message is acknowledged as soon as its task begins: what a dead worker left lies in the database and is found by
# the schedule. (Late, a worker that loses Redis in the middle of a task dies while it puts the message back.)
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis as long as it takes
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_TIMEZONE = TIME_ZONE

# --- e-mail -----------------------------------------------------------------------------------------

# smtp+tls://name:password@host:587 and the like; without it nobody gets e-mail (office.mailing).
MAIL = bool(env.str("EMAIL_URL", default=""))
if MAIL:
    globals().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 20  # seconds
EMAIL_USE_LOCALTIME = True
DEFAULT_FROM_EMAIL = (
    env.str("EMAIL_FROM", default="") or f"noreply@{SITE_URL.partition('://')[2].partition(':')[0]}"
)
# The hour of the day at which the digests go out; reminders of dates come an hour before.
DIGEST_HOUR = env.int("DIGEST_HOUR", default=8)

# --- login ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "office.permissions.ScopeBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ThreeClasses"},
    {"NAME": "accounts.passwords.NotThePrevious"},
]

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.views.locked"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "config.clients.client_ip"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Minutes without a request after which one is logged out (accounts.middleware.IdleLogout). The session
# itself lives longer, so that whoever comes back is told why they have to log in again.
IDLE_MINUTES = 30
SESSION_COOKIE_AGE = 12 * 60 * 60
# Days after which a password has to be changed; 0: never.
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=90)
# Of whom a second factor is required until the administrator decides in the browser (accounts.models.Group).
SECOND_FACTOR_GROUPS = env.list(
    "SECOND_FACTOR_GROUPS", default=["bureau", "finance", "admin"] if HTTPS else []
)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- what browsers are told -------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Our own pages show previews of documents in a frame; the check wants none at all.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
}

if HTTPS:
    # The proxy in front ends TLS and must set (not pass on) X-Forwarded-Proto.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- log --------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # a refused or missing page is the visitor's matter, not an incident
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        # every glyph of a subset font is logged at INFO
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
