import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from mentors_site import env

CONFIGURATION = Path(__file__).resolve().parents[2] / "supervisord.conf"
# Supervisord ends with this command, and each program with supervisord, whatever ended them.
WITH_PARENT = CONFIGURATION.with_name("with_parent.py")
START_SECONDS = 60
DEMO_PEOPLE = {
    "coordinator@demo.example": "Coordinator",
    "trainer@demo.example": "Trainer",
    "learner@demo.example": "Learner",
    "mentor@demo.example": "Mentor",
    "viewer@demo.example": "Report viewer",
    "admin@demo.example": "Administrator",
}


class Command(BaseCommand):
    help = (
        "Runs the whole site on this machine: web server, Celery worker and beat, each restarted when it dies.\n"
        "The demo gets its invented people on the first start, and keeps its mail in var/mail. Ctrl-C stops all.\n"
        "Example: PORT=8000 DEMO=1 manage.py run_site"
    )
    # The database may not exist yet.
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        if not _is_free(env.PORT):
            raise CommandError(
                f"Port {env.PORT} is taken. Choose another one, for example: PORT={env.PORT + 1} make run"
            )
        self._prepare()
        sys.exit(self._supervise())

    def _prepare(self) -> None:
        for folder in ("log", "broker/queue", "broker/control", "mail", "static"):
            (settings.VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
        call_command("compile_translations")
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not Person.objects.exists():
            self.stdout.write("Loading the demo's invented people (first start only) ...")
            call_command("load_demo")

    def _supervise(self) -> int:
        """Starts everything, waits until it ends, and gives supervisord's exit status."""
        supervisord = subprocess.Popen(
            [
                sys.executable,
                WITH_PARENT,
                Path(sys.executable).with_name("supervisord"),
                "--configuration",
                CONFIGURATION,
            ],
            env=os.environ | _supervisor_environment(),
        )

        def pass_on(number: int, frame: FrameType | None) -> None:
            supervisord.send_signal(signal.SIGTERM)

        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGINT, pass_on)
        if _answers(while_runs=supervisord):
            self._greet()
        elif supervisord.poll() is None:
            self.stderr.write(f"The web server does not answer. Its log: {settings.VAR_DIR / 'log' / 'web.log'}")
        return supervisord.wait()

    def _greet(self) -> None:
        self.stdout.write(self.style.SUCCESS(f"\nAI mentors is running: {settings.SITE_URL}/"))
        if settings.DEMO:
            self.stdout.write("\nSign in as one of these invented people (the sign-in page has a button for each):")
            for email, role in DEMO_PEOPLE.items():
                self.stdout.write(f"  {email:<26} {role}")
            self.stdout.write(f"\nNo mail leaves this machine. Mail: {settings.DEMO_MAIL_DIR}")
        self.stdout.write(f"Logs: {settings.VAR_DIR / 'log'}. Ctrl-C stops everything.")


def _supervisor_environment() -> dict[str, str]:
    """What supervisord.conf reads, and for the demo a mail server of its own unless EMAIL_URL names one."""
    own_mail = settings.DEMO and "EMAIL_URL" not in os.environ
    variables = {
        "SITE_DIR": str(settings.BASE_DIR),
        "SITE_VAR": str(settings.VAR_DIR),
        "SITE_BIN": str(Path(sys.executable).parent),
        "SITE_PORT": str(env.PORT),
        "SITE_MAIL_SINK": "true" if own_mail else "false",
    }
    if own_mail:
        # Any free port, so that two demos may run side by side.
        variables["EMAIL_URL"] = f"smtp://127.0.0.1:{_free_port()}"
    return variables


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(*, while_runs: "subprocess.Popen[bytes]") -> bool:
    """Waits for the web server, as long as there is one to wait for."""
    health = Request(f"http://127.0.0.1:{env.PORT}/healthz", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".*")})
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and while_runs.poll() is None:
        try:
            with urlopen(health, timeout=5):
                return True
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    return False
