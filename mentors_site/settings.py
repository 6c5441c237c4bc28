from datetime import timedelta
from importlib import import_module

import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from structlog.typing import EventDict, Processor, WrappedLogger

from mentors_site import env

BASE_DIR = env.BASE_DIR
VAR_DIR = env.VAR_DIR

DEMO = env.DEMO
DEBUG = env.DEBUG
SECRET_KEY = env.SECRET_KEY
SITE_URL = env.SITE_URL
ALLOWED_HOSTS = env.ALLOWED_HOSTS

# Apps and requests

INSTALLED_APPS = [
    "mentors_site",
    "courses",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # The headers stand outermost, so that error pages and files bear them too.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mentors_site.middleware.OpenPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mentors_site.middleware.PrivatePagesMiddleware",
    "mentors_site.middleware.StaffIdleMiddleware",
    "mentors_site.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "mentors_site.urls"
WSGI_APPLICATION = "mentors_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mentors_site.context_processors.site",
                "courses.context_processors.centre",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# Data

DATABASES = {
    "default": {
        **env.DATABASE,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.CONN_MAX_AGE,
        # A kept connection is tried before it is used again: the database may have been restarted.
        "CONN_HEALTH_CHECKS": True,
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock when it begins: two that read first and write later would deadlock.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.CACHE}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    # The default of 300 would throw away sign-in limits while they still count.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 100_000}

# Sign-in: a code by e-mail, no passwords, no sign-up

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "accounts.forms.sign_in.SignInForm",
    "confirm_login_code": "accounts.forms.sign_in.CodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# About allauth's own table of addresses, which stays empty: Person.email is not unique.
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"length": 8}
# Longer than the code works, so that whoever comes too late is told so.
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
# Known and unknown addresses are answered after this time, which a mail server in the house keeps well within.
SIGN_IN_ANSWER_TIME = timedelta(milliseconds=700)
ACCOUNT_SESSION_REMEMBER = True
# By address of the asking machine only: a limit by e-mail address would let a stranger lock its owner out.
# A class of twenty signs in from one library.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "30/m/ip",
    # Applications without an account (courses.enrolling.views.limits). In all: so many come from nobody but a machine. A
    # library's computers share one address. Wrong codes have no limit in all, which would let one stranger lock
    # everybody out.
    "application_send": ",".join(
        f"{amount}/h/{per}"
        for amount, per in ((env.APPLICATIONS_PER_HOUR, "ip"), (env.APPLICATIONS_PER_HOUR_IN_ALL, "key"))
        if amount
    ),
    "application_begin": f"{4 * env.APPLICATIONS_PER_HOUR}/h/ip" if env.APPLICATIONS_PER_HOUR else "",
    "application_wrong_code": f"{env.WRONG_CODES_PER_QUARTER_HOUR}/15m/ip" if env.WRONG_CODES_PER_QUARTER_HOUR else "",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
STAFF_IDLE = timedelta(minutes=30)

# Headers

SESSION_COOKIE_SECURE = not DEMO
CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = not DEMO
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mentors_site.views.form_expired"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Whether a request came over TLS is gunicorn's to say: it believes X-Forwarded-Proto from FORWARDED_ALLOW_IPS only.
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = ["^healthz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # Bootstrap draws its small icons as data: images.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "usb",
    )
}

# Languages, time, files

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "mentors_site" / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# Mail and text messages

EMAIL_BACKEND = env.EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = env.EMAIL["EMAIL_HOST"]
EMAIL_PORT = env.EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = env.EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = env.EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = env.EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.EMAIL.get("EMAIL_USE_SSL", False)
# After DATA an answer may take minutes; giving up earlier would send the message a second time.
EMAIL_TIMEOUT = 5 * 60
DEFAULT_FROM_EMAIL = env.DEFAULT_FROM_EMAIL
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SMS_URL = env.SMS_URL
DEMO_MAIL_DIR = VAR_DIR / "mail"

# Celery carries ticks; what is due stands in the database

CELERY_BROKER_URL = env.CELERY_BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A tick goes on without its broker: ended halfway, a mail might go out twice. The tick of another worker does no harm.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
match CELERY_BROKER_URL.partition("://")[0]:
    case "filesystem":
        CELERY_BROKER_TRANSPORT_OPTIONS = {
            "data_folder_in": str(VAR_DIR / "broker" / "queue"),
            "data_folder_out": str(VAR_DIR / "broker" / "queue"),
            "control_folder": str(VAR_DIR / "broker" / "control"),
            # The default of one second makes two tasks a second.
            "polling_interval": 0.05,
        }
    case "redis" | "rediss":
        CELERY_BROKER_TRANSPORT_OPTIONS = {"unacked_restore_interval": 2, "unacked_restore_throttle": 1}
    case "amqp" | "amqps":
        CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
        CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
        CELERY_WORKER_DETECT_QUORUM_QUEUES = True

# Logs name a person by primary key only: no name, no address, no client address

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"


def forget_browser(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """What a browser says of itself can single a person out."""
    event.pop("user_agent", None)
    return event


log_processors: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    forget_browser,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *log_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "site": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": log_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(
                    [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
                    if DEMO
                    else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
                ),
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "site"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Its own handlers would write each event twice, and mail out error pages with personal data.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # django-structlog says the same, with the request's number.
        "django.request": {"level": "CRITICAL"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        # The demo's mail server would name each sender and recipient.
        "mail.log": {"level": "WARNING"},
    },
}

if env.SENTRY_DSN:
    # An extra (`uv sync --extra sentry`), hence by name.
    import_module("sentry_sdk").init(dsn=env.SENTRY_DSN, send_default_pii=False)
