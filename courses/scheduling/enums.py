from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class CohortState(TextChoices):
    DRAFT = "draft", pgettext_lazy("cohort", "Draft")
    PUBLISHED = "published", pgettext_lazy("cohort", "Published")
    CONFIRMED = "confirmed", pgettext_lazy("cohort", "Confirmed")
    RUNNING = "running", pgettext_lazy("cohort", "Running")
    FINISHED = "finished", pgettext_lazy("cohort", "Finished")
    CLOSED = "closed", pgettext_lazy("cohort", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("cohort", "Cancelled")


# Not over and not cancelled.
GOING_ON_STATES = (CohortState.DRAFT, CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)


class SessionState(TextChoices):
    PLANNED = "planned", pgettext_lazy("session", "Planned")
    HELD = "held", pgettext_lazy("session", "Held")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")
