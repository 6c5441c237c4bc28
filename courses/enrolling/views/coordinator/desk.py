"""The desk as it stands: those who ask, the groups side by side, and what a press will do. Nothing is written."""

from django.forms import BaseForm
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.enums import ConsentPurpose, HowAsked
from accounts.models import ContactPerson, Person
from accounts.selectors import contact_people_of
from courses.enrolling.forms.desk import MOST_COMPANIONS, CompanionsForm, DeskContactForm, EnrollForm
from courses.enrolling.rules.desk import Asked
from courses.enrolling.selectors.desk import GroupColumn, Groups, groups_side_by_side
from courses.enrolling.services.offers import seats_for_newcomers
from courses.enrolling.views.coordinator.callers import Caller
from courses.enrolling.wording.desk import asked_and_noted, callers_names, outcome_words, press_words, told_words
from courses.enrolling.wording.prerequisites import explain_lacks
from courses.scheduling.models import Cohort, Session


class Desk:
    """The whole page. `judged`: it was sent to enroll, so that the forms say what is missing."""

    def __init__(self, sent: QueryDict, *, judged: bool, by: Person) -> None:
        self.sent, self.by, self.judged = sent, by, judged
        self.today = timezone.localdate()
        companions = CompanionsForm(sent).count(one_more=sent.get("step") == "more")
        self.callers = [Caller(number, sent, judged=judged) for number in range(companions + 1)]
        self.form = EnrollForm(sent, judged=judged)
        self.contact_form = DeskContactForm(sent, judged=judged, who=self.first.who)

    @property
    def first(self) -> Caller:
        return self.callers[0]

    @property
    def companions(self) -> list[Caller]:
        return self.callers[1:]

    @property
    def may_add(self) -> bool:
        return 0 < len(self.companions) < MOST_COMPANIONS

    @property
    def cohort_code(self) -> str:
        return self.form.typed("cohort")

    @property
    def how_asked(self) -> str:
        return self.form.typed("how_asked") or HowAsked.PHONE.value

    @cached_property
    def groups(self) -> Groups:
        return groups_side_by_side(
            people=[caller.person for caller in self.callers if caller.person],
            new=any(caller.new for caller in self.callers),
            asked=Asked(
                languages=[caller.language for caller in self.callers if caller.language],
                districts=[caller.district for caller in self.callers if caller.district],
            ),
            chosen=self.cohort_code,
            today=self.today,
        )

    @property
    def chosen(self) -> GroupColumn | None:
        return self.groups.chosen(self.cohort_code)

    @property
    def cohort(self) -> Cohort | None:
        return self.chosen.cohort if self.chosen else None

    @cached_property
    def seats(self) -> int:
        """How many of those who come now may have a seat in the chosen group."""
        return seats_for_newcomers(self.cohort, timezone.now()) if self.cohort else 0

    @property
    def has_seats(self) -> bool:
        return self.seats >= len(self.callers)

    @property
    def outcome(self) -> str:
        if self.chosen is None:
            return ""
        return outcome_words(self.chosen.cohort, count=len(self.callers), seats=self.seats, waiting=self.chosen.waiting)

    @property
    def press(self) -> str:
        return press_words(queues=self.cohort is not None and not self.has_seats)

    @property
    def promise(self) -> str:
        """What the page says the press will do; sent along, so that a seat that is gone is not silently a queue."""
        return f"{self.cohort.code}:{'seat' if self.has_seats else 'queue'}" if self.cohort else ""

    @property
    def was_promised_seats(self) -> bool:
        return self.sent.get("promise") == f"{self.cohort_code}:seat"

    @property
    def names(self) -> str:
        return callers_names(caller.name for caller in self.callers)

    @property
    def birth_year(self) -> int | None:
        """Of whoever comes alone: it tells them from others of the name."""
        return self.first.somebody.birth_year if self.first.somebody and not self.companions else None

    @property
    def asks(self) -> list[str]:
        """What the course asks for and somebody of them has not, once it is known who they are."""
        if self.chosen is None or not any(caller.somebody for caller in self.callers):
            return []
        return explain_lacks(self.chosen.lacks)

    @property
    def told(self) -> str:
        return told_words(self.first.somebody.channel if self.first.somebody else "")

    @property
    def noted(self) -> str:
        return asked_and_noted(self.how_asked, self.by)

    @property
    def next_session(self) -> Session | None:
        """Of the chosen group: what to read aloud."""
        sessions = self.chosen.sessions if self.chosen else []
        return next((session for session in sessions if session.starts_at > timezone.now()), None)

    @property
    def contact_text(self) -> str:
        return self.first.text_of(ConsentPurpose.CONTACT) if self.first.somebody else ""

    @cached_property
    def contacts(self) -> list[ContactPerson]:
        person = self.first.person
        return list(contact_people_of(person, self.today)) if person else []

    @property
    def forms(self) -> list[BaseForm]:
        """In the order of the mistakes above the heading."""
        return [self.form, *[form for caller in self.callers for form in caller.forms], self.contact_form]

    def check(self) -> bool:
        """Whether all is there to enroll; otherwise the page says what is not."""
        if self.cohort_code and self.cohort is None:
            self.form.add_error("cohort", _("Nobody can be enrolled in that group now. Choose another one."))
        if self.asks and not self.form.typed("waiver").strip():
            self.form.add_error("waiver", _("Say why it is not asked for this time, or choose another group."))
        # Each is looked at, so that all that is missing is said at once.
        ready = [caller.check() for caller in self.callers]
        return all([*ready, self.form.is_valid(), self.contact_form.is_valid()])
