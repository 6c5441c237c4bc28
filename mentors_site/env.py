"""The only place that reads the environment. Each variable stands in .env.example and docs/operations.md."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(os.environ.get("ENV_FILE", str(BASE_DIR / ".env")), recurse=False)

# All that the site writes on this machine. In the project, because a fresh clone knows no other place.
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var").resolve()

DEMO = env.bool("DEMO", False)


def _required(name: str, why: str) -> str:
    value = env.str(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why} (DEMO=1 runs the demo without it.)")
    return value


def _demo_secret_key() -> str:
    """The demo's own key: made once, so that a second start does not sign everybody out."""
    path = VAR_DIR / "demo-secret-key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Web, worker and beat start at once: the first link wins, and nobody reads half a key.
        with NamedTemporaryFile("w", dir=VAR_DIR, prefix="key-") as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


PORT = env.int("PORT", 8000)

if DEMO:
    # Debug pages show settings and data, so they exist only in the demo.
    DEBUG = env.bool("DEBUG", False)
    SECRET_KEY = env.str("SECRET_KEY", "") or _demo_secret_key()
    SITE_URL = env.str("SITE_URL", "") or f"http://127.0.0.1:{PORT}"
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
else:
    DEBUG = False
    SECRET_KEY = _required("SECRET_KEY", "It signs sessions and links: 50 random characters.")
    SITE_URL = _required("SITE_URL", "The address people use, such as https://mentors.example.org.")
    ALLOWED_HOSTS = [
        host.strip()
        for host in _required("ALLOWED_HOSTS", "The host names to answer to, separated by commas.").split(",")
    ]
SITE_URL = SITE_URL.rstrip("/")

DATABASE = env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
CONN_MAX_AGE = env.int("CONN_MAX_AGE", 0)
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://localhost")
# Sign-in limits count over all processes, so the default is shared by them: files, not memory.
CACHE = env.dj_cache_url("CACHE_URL", f"file://{VAR_DIR / 'cache'}")
EMAIL = env.dj_email_url("EMAIL_URL", "smtp://127.0.0.1:1025" if DEMO else "smtp://127.0.0.1:25")
SMS_URL = env.str("SMS_URL", "console://")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "AI mentors <noreply@demo.example>" if DEMO else "noreply@localhost")
# How often one may apply, and mistype the code of an application, from one address; 0 is without limit.
APPLICATIONS_PER_HOUR = env.int("APPLICATIONS_PER_HOUR", 30)
APPLICATIONS_PER_HOUR_IN_ALL = env.int("APPLICATIONS_PER_HOUR_IN_ALL", 300)
WRONG_CODES_PER_QUARTER_HOUR = env.int("WRONG_CODES_PER_QUARTER_HOUR", 10)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
SENTRY_DSN = env.str("SENTRY_DSN", "")
