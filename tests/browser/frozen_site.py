"""The demo as a program of its own in which nothing is left to chance: the clock stands still, and what is drawn at random is
drawn alike each time.

`python -m tests.browser.frozen_site PORT` fills an empty database and serves it. Only commands of `manage.py` are used, so
that it says nothing about how the code is laid out. Its environment is `frozen_environment(...)`.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import call_command
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application

from tests.processes import free_port

# A Tuesday in working hours, in no holiday.
NOW = datetime(2027, 1, 12, 10, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
# What the browser calls the site: a port of the day would stand in mails and in addresses.
SITE_URL = "http://localhost"


def frozen_environment(folder: Path) -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "mentors_site.settings",
        "ENV_FILE": os.devnull,
        "DEMO": "1",
        "DEBUG": "0",
        "SECRET_KEY": "only for pictures",
        "SITE_URL": SITE_URL,
        "VAR_DIR": str(folder),
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "CELERY_BROKER_URL": "memory://",
        "APPLICATIONS_PER_HOUR": "0",
        # Sets are walked in the same order each time.
        "PYTHONHASHSEED": "0",
    }
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return inherited | own


class Chance:
    """Stands in for the chance of the operating system, from which own codes, keys and tokens are drawn."""

    def __init__(self) -> None:
        self.begin("start")

    def begin(self, what: str) -> None:
        """What is drawn from now on depends on `what` alone, not on what was drawn before."""
        self._numbers = random.Random(what)

    def urandom(self, size: int) -> bytes:
        return self._numbers.randbytes(size)

    def take_over(self) -> None:
        os.urandom = self.urandom
        vars(random)["_urandom"] = self.urandom


class MailKeeper:
    """Keeps mail as the demo's own `mail_sink` does, under names that are numbers in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._count += 1
        name = f"20270112T080000{self._count:06}-{self._count:08x}.eml"
        (self._folder / name).write_bytes(envelope.original_content or b"")
        return "250 Kept"


def frozen_application(chance: Chance) -> Callable[..., Iterable[bytes]]:
    """The site; each request draws by its address and by how often it was asked for."""
    site, asked = get_wsgi_application(), Counter[str]()

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        address = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        if not environ["PATH_INFO"].startswith("/static/"):
            asked[address] += 1
            chance.begin(f"{address} {asked[address]}")
        return site(environ, start_response)

    return application


def fill(chance: Chance) -> None:
    """An empty database becomes the demo, whose mail of the day is sent."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("compile_translations", {}),
        ("migrate", {"verbosity": 0}),
        ("collectstatic", {"interactive": False, "verbosity": 0}),
        ("load_demo", {}),
        ("plan_messages", {}),
        ("send_messages", {}),
    ]
    for command, options in steps:
        chance.begin(command)
        call_command(command, **options)


def main(port: int) -> None:
    folder = Path(os.environ["VAR_DIR"])
    (folder / "static").mkdir()
    chance = Chance()
    chance.take_over()
    mail_port = int(os.environ["EMAIL_URL"].rpartition(":")[2])
    mail = Controller(MailKeeper(folder / "mail"), hostname="127.0.0.1", port=mail_port)
    mail.start()
    with time_machine.travel(NOW, tick=False):
        django.setup()
        fill(chance)
        run("127.0.0.1", port, frozen_application(chance), threading=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
