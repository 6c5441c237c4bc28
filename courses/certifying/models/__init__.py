from courses.certifying.models.certificates import Certificate, CertificateSeries
from courses.certifying.models.mentors import Mentor

__all__ = [
    "Certificate",
    "CertificateSeries",
    "Mentor",
]
