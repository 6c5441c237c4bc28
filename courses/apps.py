from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

# Every kind of message, and who carries out what is answered in a call of it. By name: models cannot be imported yet.
KINDS_OF_MESSAGE = {
    "courses.enrolling.messages.places.ApplicationReceived": None,
    "courses.enrolling.messages.places.PlaceConfirmed": None,
    "courses.enrolling.messages.offers.SeatOffered": "courses.enrolling.services.answers.answer_for_seat",
    "courses.enrolling.messages.offers.OfferLapsing": "courses.enrolling.services.answers.answer_for_seat",
    "courses.enrolling.messages.places.CohortCancelled": None,
    "courses.enrolling.messages.places.CompanionLeft": "courses.enrolling.services.answers.answer_for_seat",
    "courses.enrolling.messages.sessions.SessionSoon": None,
    "courses.certifying.messages.CertificateReady": None,
}


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What a lower topic needs of a higher one is handed down here, in the open."""
        register_kind = import_string("courses.messaging.kinds.register_kind")
        for kind, answered in KINDS_OF_MESSAGE.items():
            register_kind(import_string(kind)(), answered=import_string(answered) if answered else None)
        register_holders = import_string("courses.enrolling.selectors.prerequisites.register_holders")
        register_holders(import_string("courses.certifying.selectors.holders_of"))
