import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

OURS = {"accounts", "courses"}


def applied() -> set[tuple[str, str]]:
    return {key for key in MigrationRecorder(connection).applied_migrations() if key[0] in OURS}


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_to_nothing_and_forth_again():
    before = applied()

    call_command("migrate", "courses", "zero", verbosity=0)
    call_command("migrate", "accounts", "zero", verbosity=0)
    emptied = applied()
    call_command("migrate", verbosity=0)

    assert emptied == set()
    assert applied() == before
