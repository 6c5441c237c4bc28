import gc
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core.cache import cache
from django.db import connections
from pytest_django import Settings

from tests.cast import (  # noqa: F401  # fixtures
    administrator,
    centre,
    clicked,
    coordinator,
    english,
    learner,
    office,
    sign_in,
    stranger,
    trainer,
    viewer,
)
from tests.examples import examples  # noqa: F401  # its profile is known before any test is read
from tests.languages import speak_as_the_code, speak_as_the_site
from tests.mail_server import MailServer, mail_server
from tests.moments import HELSINKI
from tests.needs import mark_needs, refuse_unmarked_processes, watch

# A Tuesday in working hours, in no holiday.
NOW = datetime(2027, 1, 12, 10, 0, tzinfo=HELSINKI)


def pytest_configure() -> None:
    speak_as_the_code()
    # Hashed file names need a collectstatic first; tests look up plain ones.
    site_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    Path(site_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    refuse_unmarked_processes()


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    mark_needs(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays: the collector, a sixth of all the time, need not look at it again and again.

    `make bench` measures the site with the collector as the site has it.
    """
    if session.config.option.markexpr != "bench":
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    watch(item)
    try:
        return (yield)
    finally:
        watch(None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as the site has it: in memory, a live server and a test would share one connection."""
    default = connections["default"]
    if default.vendor == "sqlite":
        default.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Neither the centre nor the limits of sign-in are remembered from another test."""
    cache.clear()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at `NOW` until `clock.move_to(...)` or `clock.shift(...)`."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def catalogues() -> Iterator[None]:
    """The Finnish and the Swedish as they stand in the catalogues; elsewhere tests read English."""
    speak_as_the_site()
    yield
    speak_as_the_code()


@pytest.fixture
def mail_sink(settings: Settings) -> Iterator[MailServer]:
    """A real SMTP server, to which the site's mail goes."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = server.host
        settings.EMAIL_PORT = server.port
        yield server
