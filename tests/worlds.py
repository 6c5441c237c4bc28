"""Worlds that many tests only read: made once for a module, taken back after its last test.

Each test runs inside a savepoint of the world's transaction, so what a test writes is taken back before the next one. All
tests of the module live in that world, and none of them may be a transactional one, which would empty the database.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

World = TypeVar("World")


def made_once(django_db_blocker: DjangoDbBlocker, make: Callable[[], World]) -> Iterator[World]:
    """The body of a fixture of the module's scope that asks for `django_db_setup` and `django_db_blocker`."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    try:
        with django_db_blocker.unblock():
            made = make()
        yield made
    finally:
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
