"""The desk as it stands: what was typed and chosen for each of those who ask, and what follows from it. Nothing is written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import Channel, ConsentPurpose, HowAsked, Language, PersonState
from accounts.models import Consent, Person
from accounts.rules.phones import parse_phone, takes_text_messages
from accounts.selectors import LikelyDuplicate, contact_people_of, search_people
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.forms.desk import (
    NEW,
    CallerForm,
    CompanionsForm,
    DeskContactForm,
    EnrollForm,
    FoundForm,
    NewPersonForm,
)
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.desk import GroupColumn, Groups, consent_of, groups_side_by_side
from courses.enrolling.selectors.enrollments import open_enrollments_of
from courses.enrolling.services.desk import AtDesk, duplicates_of
from courses.enrolling.services.offers import seats_for_newcomers
from courses.enrolling.wording.desk import asked_and_noted, difference_words, outcome_words, told_words
from courses.enrolling.wording.prerequisites import explain_lacks
from courses.scheduling.models import Cohort, Session

FOUND = 8
MOST_COMPANIONS = 3
TYPED = ("first_name", "last_name", "phone", "email")


@dataclass
class Caller:
    """One of those who ask. `prefix` stands before the names of the fields: nothing for the first, `c1-` for the second."""

    number: int
    sent: QueryDict
    checked: bool
    person: Person | None = None
    found: list[Person] = field(default_factory=list)
    duplicates: list[LikelyDuplicate] = field(default_factory=list)

    def __post_init__(self) -> None:
        used = self.value("use")
        self.who = used or self.value("who")
        self.is_new = self.who == NEW
        self.typed = {name: self.value(name) for name in NewPersonForm.base_fields if self.prefix + name in self.sent}
        if self.is_new and not any(self.typed.get(name) for name in TYPED):
            self.typed |= _typed_in_search(self.find)
        chosen = {f"{self.prefix}{name}": value for name, value in self.typed.items()}
        form_prefix = self.prefix.rstrip("-") or None
        everything = self.sent.copy()
        everything[f"{self.prefix}who"] = self.who
        self.form = CallerForm(everything, prefix=form_prefix) if self.checked else CallerForm(prefix=form_prefix)
        defaults = {"channel": Channel.CALL.value, "language": Language.FINNISH.value}
        self.person_form = (
            NewPersonForm(chosen, prefix=form_prefix)
            if self.checked and self.is_new
            else NewPersonForm(initial=defaults | self.typed, prefix=form_prefix)
        )
        self.apart_codes = [
            code for name in ("apart", "different") for code in self.sent.getlist(f"{self.prefix}{name}") if code
        ]
        if self.is_new:
            self.duplicates = duplicates_of(self.known, self.told_apart)
        elif self.who:
            people = Person.objects.exclude(state=PersonState.ANONYMIZED).select_related("district")
            form = FoundForm({"who": self.who}, people=people)
            self.person = form.cleaned_data["who"] if form.is_valid() else None
        self.found = self._found()

    @property
    def prefix(self) -> str:
        return f"c{self.number}-" if self.number else ""

    @property
    def find(self) -> str:
        return self.value("find")[:200]

    def value(self, name: str) -> str:
        return str(self.sent.get(f"{self.prefix}{name}", ""))

    def ticked(self, name: str) -> bool:
        return bool(self.value(name))

    def said_yes(self, name: str) -> bool:
        """The tick holds who it was that said yes: it does not go over to another person who is chosen instead."""
        return bool(self.who) and self.value(name) == self.who

    @property
    def wishes(self) -> list[tuple[str, str, bool, str]]:
        """Of the boxes: name, words, whether it is ticked, its key."""
        keys = {"hearing_loop": "h", "wheelchair": "w", "loan_device": "l"}
        fields = CallerForm.base_fields
        return [
            (name, str(fields[name].label), self.ticked(name), "" if self.number else key) for name, key in keys.items()
        ]

    @property
    def goal(self) -> str:
        return self.value("goal")

    @property
    def note(self) -> str:
        return self.value("note")

    @cached_property
    def told_apart(self) -> list[Person]:
        return list(Person.objects.filter(code__in=self.apart_codes)) if self.apart_codes else []

    @cached_property
    def known(self) -> Any:
        """Of a new person, as far as what was typed can be read."""
        trial = NewPersonForm(self.typed)
        trial.is_valid()
        return dict(trial.cleaned_data)

    @property
    def differences(self) -> list[tuple[LikelyDuplicate, list[str]]]:
        return [(duplicate, difference_words(duplicate, self.known)) for duplicate in self.duplicates]

    @property
    def name(self) -> str:
        if self.person:
            return self.person.full_name
        return f"{self.typed.get('first_name', '')} {self.typed.get('last_name', '')}".strip() if self.is_new else ""

    @property
    def birth_year(self) -> int | None:
        return self.person.birth_year if self.person else self.known.get("birth_year") if self.is_new else None

    @property
    def language(self) -> str:
        if self.person:
            return self.person.language
        return self.typed.get("language") or Language.FINNISH.value if self.is_new else ""

    @property
    def channel(self) -> str:
        if self.person:
            return self.person.channel
        return self.typed.get("channel") or Channel.CALL.value if self.is_new else ""

    @property
    def landline(self) -> bool:
        """Text messages were chosen for a number that gets none."""
        phone = parse_phone(self.typed.get("phone", "")) if self.is_new else ""
        wants = Channel.SMS in (self.typed.get("channel"), self.typed.get("second_channel"))
        return bool(phone and wants and not takes_text_messages(phone))

    @cached_property
    def open_enrollments(self) -> list[Enrollment]:
        return open_enrollments_of(self.person) if self.person else []

    @cached_property
    def consent(self) -> Consent | None:
        return consent_of(self.person) if self.person else None

    @cached_property
    def needs_support_yes(self) -> bool:
        """Something is to be arranged, and no yes to noting it stands."""
        asked = any(self.value(name).strip() for name in ("hearing_loop", "wheelchair", "loan_device", "note"))
        return asked and not (self.person and consent_of(self.person, ConsentPurpose.SUPPORT))

    @property
    def is_chosen(self) -> bool:
        return self.is_new or self.person is not None

    @property
    def yes_texts(self) -> list[tuple[str, str]]:
        """Name of the tick and the words to read aloud, in the person's language; those that stand already are not asked."""
        asked = []
        if self.is_chosen and self.consent is None:
            asked.append(("yes_course", self.text_of(ConsentPurpose.COURSE)))
        if self.is_chosen and self.needs_support_yes:
            asked.append(("yes_support", self.text_of(ConsentPurpose.SUPPORT)))
        return asked

    @property
    def yes_ticks(self) -> list[tuple[str, str, bool, list[str]]]:
        """As yes_texts, with whether it is ticked and what is wrong with it."""
        return [
            (name, text, self.said_yes(name), [str(error) for error in self.form[name].errors])
            for name, text in self.yes_texts
        ]

    def text_of(self, purpose: ConsentPurpose) -> str:
        with override(self.language):
            return consent_text(purpose, centre_facts())

    def check(self) -> bool:
        """Whether this one can be enrolled; otherwise the forms say why not. Both are looked at, to say all at once."""
        valid = self.form.is_valid() & (not self.is_new or self.person_form.is_valid())
        if self.who and not self.is_chosen:
            self.form.add_error("who", _("There is no such person. Find the person again."))
        for name, _text in self.yes_texts:
            if not self.said_yes(name):
                self.form.add_error(name, _("Read the text aloud, and tick that they said yes."))
        return valid and not self.form.errors and not self.duplicates

    def at_desk(self, contact: DeskContactForm | None) -> AtDesk:
        """For enroll_at_desk, after check()."""
        asked = dict(self.yes_texts)
        named = contact.data_of_contact if contact else None
        return AtDesk(
            person=self.person,
            data=self.person_form.data_of_person if self.is_new else None,
            told_apart=self.told_apart,
            goal=self.form.cleaned_data["goal"],
            course_consent=asked.get("yes_course", ""),
            needs=self.form.needs,
            support_consent=asked.get("yes_support", ""),
            contact=named,
            contact_consent=self.text_of(ConsentPurpose.CONTACT) if named else "",
        )

    def look_again(self) -> None:
        for name in ("open_enrollments", "consent"):
            self.__dict__.pop(name, None)
        if self.is_new:
            self.duplicates = duplicates_of(self.known, self.told_apart)

    def _found(self) -> list[Person]:
        """The chosen person first, then whom the search finds."""
        text = self.find
        others = search_people(text).select_related("district")[:FOUND] if text.strip() else []
        return ([self.person] if self.person else []) + [person for person in others if person != self.person]


class Desk:
    """The whole page. `checked`: it was sent to enroll, so that the forms say what is missing."""

    def __init__(self, sent: QueryDict, *, checked: bool, by: Person) -> None:
        self.sent, self.by, self.checked = sent, by, checked
        count = _companions(sent)
        self.callers = [Caller(number, sent, checked) for number in range(count + 1)]
        chosen = sent.copy()
        chosen["cohort"] = self.cohort_code
        self.form = EnrollForm(chosen) if checked else EnrollForm()
        self.contact_form = (
            DeskContactForm(sent, prefix="contact")
            if checked
            else DeskContactForm(prefix="contact", initial=_typed_contact(sent))
        )

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
    def today(self) -> date:
        return timezone.localdate()

    @property
    def cohort_code(self) -> str:
        return str(self.sent.get("pick") or self.sent.get("cohort", ""))

    @property
    def how_asked(self) -> str:
        return str(self.sent.get("how_asked") or HowAsked.PHONE.value)

    @property
    def waiver(self) -> str:
        return str(self.sent.get("waiver", ""))

    @cached_property
    def groups(self) -> Groups:
        return groups_side_by_side(
            people=[caller.person for caller in self.callers if caller.person],
            new=any(caller.is_new for caller in self.callers),
            languages=[caller.language for caller in self.callers],
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
        cohort = self.chosen.cohort
        return outcome_words(cohort, count=len(self.callers), seats=self.seats, waiting=cohort.waiting)

    @property
    def promise(self) -> str:
        """What the page says the press will do; sent along, so that a seat that is gone is not silently a queue."""
        return f"{self.cohort.code}:{'seat' if self.has_seats else 'queue'}" if self.cohort else ""

    @property
    def was_promised_seats(self) -> bool:
        return str(self.sent.get("promise", "")) == f"{self.cohort_code}:seat"

    @property
    def names(self) -> str:
        return get_text_list([caller.name for caller in self.callers if caller.name], _("and"))

    @property
    def asks(self) -> list[str]:
        """What the course asks for and somebody of them has not, once it is known who they are."""
        if self.chosen is None or not any(caller.is_chosen for caller in self.callers):
            return []
        return explain_lacks(self.chosen.lacks)

    @property
    def told(self) -> str:
        return told_words(self.first.channel)

    @property
    def noted(self) -> str:
        return asked_and_noted(self.how_asked, self.by)

    @property
    def next_session(self) -> Session | None:
        """Of the chosen group: what to read aloud."""
        sessions = self.chosen.cohort.held_sessions if self.chosen else []
        return next((session for session in sessions if session.starts_at > timezone.now()), None)

    @property
    def contact_yes(self) -> bool:
        """As Caller.said_yes."""
        return bool(self.first.who) and str(self.sent.get("contact-yes", "")) == self.first.who

    @property
    def contact_text(self) -> str:
        return self.first.text_of(ConsentPurpose.CONTACT) if self.first.is_chosen else ""

    @cached_property
    def contacts(self) -> list[Any]:
        person = self.first.person
        return list(contact_people_of(person, self.today)) if person else []

    @property
    def forms(self) -> list[Any]:
        """Those with mistakes to tell, for the list above the heading."""
        if not self.checked:
            return []
        people = [form for caller in self.callers for form in (caller.form, caller.person_form) if form.is_bound]
        return [self.form, *people, self.contact_form]

    def look_again(self) -> None:
        """After a refusal: what stands now is not what the page was made of."""
        for name in ("groups", "seats"):
            self.__dict__.pop(name, None)
        for caller in self.callers:
            caller.look_again()

    def check(self) -> bool:
        """Whether all is there to enroll; otherwise the page says what is not."""
        ready = [self.form.is_valid(), self.contact_form.is_valid(), *[caller.check() for caller in self.callers]]
        if self.cohort_code and self.cohort is None:
            self.form.add_error("cohort", _("Nobody can be enrolled in that group now. Choose another one."))
        if self.contact_form.is_named and not self.contact_yes and not self.contact_form.has_error("yes"):
            self.contact_form.add_error("yes", _("Read the text aloud, and tick that they said yes."))
        if self.asks and not self.waiver.strip():
            self.form.add_error("waiver", _("Say why it is not asked for this time, or choose another group."))
        return all(ready) and not self.form.errors and not self.contact_form.errors


def _companions(sent: QueryDict) -> int:
    """How many come with the first: none without the tick, one with it, more when that was pressed."""
    if not sent.get("together"):
        return 0
    form = CompanionsForm(sent)
    count = form.cleaned_data["companions"] if form.is_valid() else None
    return min(max(count or 0, 1) + (sent.get("step") == "more"), MOST_COMPANIONS)


def _typed_contact(sent: QueryDict) -> dict[str, Any]:
    """What stands in the fields of the contact person; an unticked box is sent as nothing."""
    prefix = "contact-"
    if not any(name.startswith(prefix) for name in sent):
        return {}
    return {name: sent.get(prefix + name, "") for name in DeskContactForm.base_fields}


def _typed_in_search(text: str) -> dict[str, str]:
    """What was looked for is what the new person is called, or their number or address."""
    if "@" in text:
        return {"email": text}
    if any(letter.isdigit() for letter in text):
        return {"phone": text}
    last, _space, first = text.strip().partition(" ")
    return {"last_name": last.title(), "first_name": first.title()}
