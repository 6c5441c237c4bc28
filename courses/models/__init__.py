from courses.models.attendance import Attendance
from courses.models.centre import Centre
from courses.models.certificates import Certificate, CertificateSeries
from courses.models.cohorts import Cohort, Session, Venue
from courses.models.completions import AssessmentResult, Completion, ModuleResult, SignedDeclaration
from courses.models.courses import Course, Module
from courses.models.enrollments import Enrollment, Party, SupportNeeds, Transition
from courses.models.mentoring import Mentor, Visit
from courses.models.messages import Message, ReminderStop
from courses.models.rosters import Roster

__all__ = [
    "AssessmentResult",
    "Attendance",
    "Centre",
    "Certificate",
    "CertificateSeries",
    "Cohort",
    "Completion",
    "Course",
    "Enrollment",
    "Mentor",
    "Message",
    "Module",
    "ModuleResult",
    "Party",
    "ReminderStop",
    "Roster",
    "Session",
    "SignedDeclaration",
    "SupportNeeds",
    "Transition",
    "Venue",
    "Visit",
]
