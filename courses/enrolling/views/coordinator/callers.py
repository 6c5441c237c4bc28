"""Those who ask at the desk: what was typed and chosen for each, and what follows from it. Nothing is written."""

from typing import NamedTuple

from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import Channel, ConsentPurpose, Language
from accounts.models import Consent, Person
from accounts.rules.codes import parse_person_code
from accounts.rules.phones import parse_phone, takes_text_messages
from accounts.selectors import DuplicateOnFile
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import centre_facts
from courses.enrolling.forms.desk import NEW, CallerForm, DeskContactForm, FoundForm, NewPersonForm, typed_in
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.desk import consent_of, found_at_desk, people_on_file
from courses.enrolling.selectors.enrollments import open_enrollments_of
from courses.enrolling.services.desk import AtDesk, duplicates_of
from courses.enrolling.wording.desk import duplicate_words

TOLD_BY = ("first_name", "last_name", "phone", "email")
WISH_KEYS = {"hearing_loop": "h", "wheelchair": "w", "loan_device": "l"}


class Wish(NamedTuple):
    """A box of what to arrange; only the first caller's have a key."""

    box: BoundField
    key: str


class ReadAloud(NamedTuple):
    """A text to read to a caller, and the tick for their yes."""

    tick: BoundField
    text: str
    is_said: bool


class Twin(NamedTuple):
    """Somebody on file who may be the new person, and why."""

    person: Person
    words: str


class NewPerson:
    """Somebody who is not on file yet, as far as what was typed can be read."""

    def __init__(self, sent: QueryDict, caller: CallerForm, *, judged: bool) -> None:
        self.typed = typed_in(sent, NewPersonForm.base_fields, caller.prefix)
        if not any(self.typed.get(name) for name in TOLD_BY):
            self.typed |= _typed_in_search(caller.searched)
        self.form = NewPersonForm(self.typed, judged=judged, prefix=caller.prefix)
        self.read = self.form.read if judged else NewPersonForm(self.typed, judged=True).read
        codes = sent.getlist(caller.add_prefix("apart"))
        self.told_apart = list(Person.objects.filter(code__in=filter(parse_person_code, codes)))

    @property
    def full_name(self) -> str:
        return f"{self.typed.get('first_name', '')} {self.typed.get('last_name', '')}".strip()

    @property
    def birth_year(self) -> int | None:
        return self.read.get("birth_year")

    @property
    def language(self) -> str:
        return self.typed.get("language") or Language.FINNISH.value

    @property
    def district(self) -> int | None:
        district = self.read.get("district")
        return district.pk if district else None

    @property
    def channel(self) -> str:
        return self.typed.get("channel") or Channel.CALL.value

    @property
    def texts_to_landline(self) -> bool:
        """Text messages were chosen for a number that gets none."""
        phone = parse_phone(self.typed.get("phone", ""))
        wants = Channel.SMS in (self.typed.get("channel"), self.typed.get("second_channel"))
        return bool(phone and wants and not takes_text_messages(phone))

    @cached_property
    def duplicates(self) -> list[DuplicateOnFile]:
        return duplicates_of(self.read, self.told_apart)

    @property
    def twins(self) -> list[Twin]:
        return [Twin(one.person, duplicate_words(one, self.read)) for one in self.duplicates]


class Caller:
    """One of those who ask. The names of the fields of the second begin with `c1-`."""

    def __init__(self, number: int, sent: QueryDict, *, judged: bool) -> None:
        self.number = number
        self.form = CallerForm(sent, judged=judged, prefix=f"c{number}" if number else None)
        self.prefix = self.form.add_prefix("")
        self.who = self.form.typed("who")
        self.new = NewPerson(sent, self.form, judged=judged) if self.who == NEW else None
        self.person = None if self.new else _on_file(self.who)

    @property
    def forms(self) -> list[BaseForm]:
        return [self.form, self.new.form] if self.new else [self.form]

    @property
    def somebody(self) -> Person | NewPerson | None:
        return self.person or self.new

    @property
    def name(self) -> str:
        return self.somebody.full_name if self.somebody else ""

    @property
    def language(self) -> str:
        return self.somebody.language if self.somebody else ""

    @property
    def district(self) -> int | None:
        return self.person.district_id if self.person else self.new.district if self.new else None

    @cached_property
    def found(self) -> list[Person]:
        """The chosen person first, then whom the search finds."""
        others = found_at_desk(self.form.searched)
        return ([self.person] if self.person else []) + [person for person in others if person != self.person]

    @property
    def wishes(self) -> list[Wish]:
        return [Wish(self.form[name], "" if self.number else key) for name, key in WISH_KEYS.items()]

    @property
    def goal_key(self) -> str:
        return "" if self.number else "g"

    @cached_property
    def open_enrollments(self) -> list[Enrollment]:
        return open_enrollments_of(self.person) if self.person else []

    @cached_property
    def consent(self) -> Consent | None:
        return consent_of(self.person) if self.person else None

    @cached_property
    def needs_support_yes(self) -> bool:
        """Something is to be arranged, and no yes to noting it stands."""
        return self.form.wants_something and not (self.person and consent_of(self.person, ConsentPurpose.SUPPORT))

    @property
    def read_aloud(self) -> list[ReadAloud]:
        """What is to be said yes to; what stands already is not asked."""
        asked = {"yes_course": ConsentPurpose.COURSE} if self.consent is None else {}
        if self.needs_support_yes:
            asked["yes_support"] = ConsentPurpose.SUPPORT
        if self.somebody is None:
            return []
        return [
            ReadAloud(self.form[name], self.text_of(purpose), self.form.said_yes(name))
            for name, purpose in asked.items()
        ]

    def text_of(self, purpose: ConsentPurpose) -> str:
        """The words to read aloud, in the language of who asks."""
        with override(self.language):
            return consent_text(purpose, centre_facts())

    def check(self) -> bool:
        """Whether this one can be enrolled; otherwise the forms say why not."""
        if self.who and self.somebody is None:
            self.form.add_error("who", _("There is no such person. Find the person again."))
        for one in self.read_aloud:
            if not one.is_said:
                self.form.add_error(one.tick.name, _("Read the text aloud, and tick that they said yes."))
        return self.form.is_valid() and (self.new is None or (self.new.form.is_valid() and not self.new.duplicates))

    def at_desk(self, contact: DeskContactForm | None) -> AtDesk:
        """For enroll_at_desk, after check()."""
        said = {one.tick.name: one.text for one in self.read_aloud}
        named = contact.data_of_contact if contact else None
        return AtDesk(
            person=self.person,
            data=self.new.form.data_of_person if self.new else None,
            told_apart=self.new.told_apart if self.new else (),
            goal=self.form.cleaned_data["goal"],
            course_consent=said.get("yes_course", ""),
            needs=self.form.needs,
            support_consent=said.get("yes_support", ""),
            contact=named,
            contact_consent=self.text_of(ConsentPurpose.CONTACT) if named else "",
        )


def _on_file(code: str) -> Person | None:
    form = FoundForm({"who": code}, people=people_on_file())
    person: Person | None = form.cleaned_data["who"] if form.is_valid() else None
    return person


def _typed_in_search(text: str) -> dict[str, str]:
    """What was looked for is what the new person is called, or their number or address."""
    if "@" in text:
        return {"email": text}
    if any(letter.isdigit() for letter in text):
        return {"phone": text}
    last, _space, first = text.strip().partition(" ")
    return {"last_name": last.title(), "first_name": first.title()}
