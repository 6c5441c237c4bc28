from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CohortFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("clock", "centre")


def test_first_page_shows_own_sessions_by_what_they_need(sign_in, trainer):
    mine = CohortFactory.create(trainers=[trainer])
    another = CohortFactory.create(trainers=[PersonFactory.create(roles=["trainer"])])
    now = timezone.now()
    today = SessionFactory.create(cohort=mine, number=1, starts_at=now + timedelta(hours=1))
    unmarked = SessionFactory.create(cohort=mine, number=2, starts_at=now - timedelta(days=2))
    coming = SessionFactory.create(cohort=mine, number=3, starts_at=now + timedelta(days=2))
    SessionFactory.create(cohort=another, number=1, starts_at=now)

    context = sign_in(trainer).get(reverse("trainer:today")).context

    assert [list(context[name]) for name in ("todays", "unmarked", "coming")] == [[today], [unmarked], [coming]]
    assert list(context["cohorts"]) == [mine]


def test_group_of_another_trainer_does_not_exist(sign_in, trainer):
    another = CohortFactory.create(trainers=[PersonFactory.create(roles=["trainer"])])

    for name in ("cohorts-detail", "completions-grid"):
        assert sign_in(trainer).get(reverse(f"trainer:{name}", args=[another.code])).status_code == 404
