from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttendanceState(TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "Present")
    LATE = "late", pgettext_lazy("attendance", "Came late")
    LEFT_EARLY = "left_early", pgettext_lazy("attendance", "Left early")
    ABSENT_TOLD = "absent_told", pgettext_lazy("attendance", "Absent, told us")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent, did not tell")
    MADE_UP = "made_up", pgettext_lazy("attendance", "Made up")


ATTENDED_STATES = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY, AttendanceState.MADE_UP)
ABSENT_STATES = (AttendanceState.ABSENT_TOLD, AttendanceState.ABSENT)


class Result(TextChoices):
    PASSED = "passed", pgettext_lazy("result", "Passed")
    FAILED = "failed", pgettext_lazy("result", "Failed")


class ResultSource(TextChoices):
    ATTENDANCE = "attendance", _("From attendance")
    HAND = "hand", _("By hand")
    RECORDS = "records", _("From earlier records")


class CompletionState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("completion", "Proposed")
    DECIDED = "decided", pgettext_lazy("completion", "Decided")
    REVOKED = "revoked", pgettext_lazy("completion", "Taken back")
