from courses.teaching.models.attendance import Attendance
from courses.teaching.models.completions import AssessmentResult, Completion, ModuleResult, SignedDeclaration
from courses.teaching.models.visits import Visit

__all__ = [
    "AssessmentResult",
    "Attendance",
    "Completion",
    "ModuleResult",
    "SignedDeclaration",
    "Visit",
]
