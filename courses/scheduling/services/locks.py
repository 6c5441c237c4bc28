from collections.abc import Iterable

from courses.scheduling.models import Cohort


def lock_cohort(pk: int) -> Cohort:
    """The cohort, its row locked until the transaction ends. Lock it before any of its enrollments, never after.

    On PostgreSQL a row lock that still lets children refer to the row; on SQLite the transaction is IMMEDIATE and holds
    the whole database already.
    """
    return Cohort.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def lock_cohorts(pks: Iterable[int]) -> dict[int, Cohort]:
    """Several cohorts by id, locked in ascending order, so that two transactions never wait for each other."""
    rows = Cohort.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(pks)).order_by("pk")
    return {cohort.pk: cohort for cohort in rows}
