"""Where Django looks for the models. They stand with their topics; code imports them from there."""

from courses.catalogue.models import Centre, Course, Module
from courses.certifying.models import Certificate, CertificateSeries, Mentor
from courses.enrolling.models import Enrollment, Party, SupportNeeds, Transition
from courses.importing.rosters.models import Roster
from courses.messaging.models import Message, ReminderStop
from courses.registry.models import Note
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit

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
    "Note",
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
