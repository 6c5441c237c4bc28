"""What one row of a roster says."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.enums import Channel
from accounts.rules.identity import holds_identity_code
from accounts.rules.names import clean_name
from accounts.rules.phones import takes_text_messages
from accounts.validators import OLDEST_YEAR
from courses.importing.rosters.enums import RosterFault
from courses.importing.rosters.readers.values import phone_in, year_in
from courses.importing.rosters.rules import MASK, Fault, RosterRow
from courses.importing.rosters.rules.vocabulary import VALUE_BY_WORD, word_key
from courses.importing.rosters.rules.whole_names import part_name, whole_name_in
from courses.paper.formulas import unquote_formula

# In the order in which a row is checked and its faults are told.
LIMITS = {
    "last_name": 80,
    "first_name": 80,
    "email": 254,
    "street": 120,
    "postal_code": 12,
    "city": 60,
    "district": 100,
    "cohort": 30,
    "note": 2000,
}
_IDENTITY_DIGITS = re.compile(r"\d{6}[-+A-FU-Ya-fu-y–−]\d{3}[0-9A-Za-z]")


def read_row(number: int, texts: Mapping[str, str], this_year: int) -> RosterRow:
    """Reads one row, by field. Faults come in the order of the checks; a field has one at most."""
    texts = {name: unquote_formula(text.strip()) if text else "" for name, text in texts.items()}
    if not any(texts.values()):
        return RosterRow(number=number, values={}, blank=True)
    row = RosterRow(number=number, values={name: masked(text) for name, text in texts.items()})
    reading = _Reading(row, this_year)
    for name, text in texts.items():
        if MASK in text or holds_identity_code(text):
            reading.fault(RosterFault.IDENTITY_CODE, name)
    reading.names()
    reading.birth_year()
    reading.phone()
    reading.email()
    for name in VALUE_BY_WORD:
        reading.word(name)
    reading.lengths()
    reading.channel()
    return row


def masked(text: str) -> str:
    return _IDENTITY_DIGITS.sub(MASK, text) if len(text) > 9 and holds_identity_code(text) else text


class _Reading:
    """The checks of one row: each reads some of `row.values`, puts what it made of them back, and adds faults."""

    def __init__(self, row: RosterRow, this_year: int) -> None:
        self.row = row
        self.values = row.values
        self.this_year = this_year
        self.faulty: set[str] = set()

    def fault(self, code: RosterFault, name: str, **figures: object) -> None:
        if name not in self.faulty:
            self.faulty.add(name)
            self.row.faults.append(Fault(code, name, figures))

    def text(self, name: str) -> str:
        """What stands under `name`; empty when that has a fault already."""
        return "" if name in self.faulty else self.values.get(name, "")

    def names(self) -> None:
        if whole := whole_name_in(self.values):
            self._part_name(self.values.pop(whole), whole)
        for name, missing in (
            ("last_name", RosterFault.LAST_NAME_MISSING),
            ("first_name", RosterFault.FIRST_NAME_MISSING),
        ):
            self.values[name] = clean_name(_one_line(self.values.get(name, "")))
            if not self.values[name]:
                self.fault(missing, name)

    def _part_name(self, text: str, order: str) -> None:
        if order in self.faulty:
            self.faulty.update({"last_name", "first_name"})
            self.values["last_name"] = text
        elif self.values.get("last_name") or self.values.get("first_name") or not text:
            return
        elif parts := part_name(text, order):
            self.values["last_name"], self.values["first_name"] = parts
        else:
            self.values["last_name"] = text
            self.fault(RosterFault.NAME_UNPARTED, "last_name")
            self.faulty.add("first_name")

    def birth_year(self) -> None:
        text = self.text("birth_year")
        if not text:
            self.values["birth_year"] = None if "birth_year" not in self.faulty else self.values["birth_year"]
            return
        year = year_in(text)
        if year is None:
            short = re.fullmatch(r"(\d{1,2}[./-]\d{1,2}[./-])?['’]?\d{2}\.?", text)
            self.fault(RosterFault.BIRTH_YEAR_DIGITS if short else RosterFault.BIRTH_YEAR_UNREADABLE, "birth_year")
        elif not OLDEST_YEAR <= year <= self.this_year:
            self.fault(RosterFault.BIRTH_YEAR_RANGE, "birth_year", oldest=OLDEST_YEAR, newest=self.this_year)
        else:
            self.values["birth_year"] = year

    def phone(self) -> None:
        text = self.text("phone")
        self.values.setdefault("phone", "")
        if not text:
            return
        number = phone_in(text)
        if number is None:
            self.fault(RosterFault.PHONE_UNREADABLE, "phone")
        else:
            self.values["phone"] = number

    def email(self) -> None:
        text = self.text("email")
        self.values.setdefault("email", "")
        if not text:
            return
        address = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
        try:
            validate_email(address)
        except ValidationError:
            self.fault(RosterFault.EMAIL_UNREADABLE, "email")
        else:
            self.values["email"] = address

    def word(self, name: str) -> None:
        text = self.text(name)
        if not text:
            self.values[name] = self.values.get(name, "") if name in self.faulty else ""
            return
        value = VALUE_BY_WORD[name].get(word_key(text))
        if value is None:
            self.fault(_UNKNOWN_WORD[name], name)
            if name == "gender":
                self.values[name] = ""
        else:
            self.values[name] = str(value)

    def lengths(self) -> None:
        for name, limit in LIMITS.items():
            text = self.values.get(name, "")
            if name not in ("last_name", "first_name", "note"):
                self.values[name] = text = clean_name(_one_line(text))
            if len(text) > limit:
                self.fault(RosterFault.TOO_LONG, name, limit=limit)

    def channel(self) -> None:
        """The channel asked for must be one that reaches the person; without one the surest that does is taken."""
        self._keep_protected()
        wanted = self.text("channel")
        if "channel" not in self.faulty:
            self.values["channel"] = wanted or self._reaching_channel()
        phone, email = self.values["phone"], self.values["email"]
        match wanted:
            case Channel.EMAIL if not email:
                self.fault(RosterFault.EMAIL_MISSING, "email")
            case Channel.SMS if not phone:
                self.fault(RosterFault.PHONE_MISSING_SMS, "phone")
            case Channel.SMS if "phone" not in self.faulty and not takes_text_messages(phone):
                self.values["channel"] = Channel.CALL.value
                self.fault(RosterFault.PHONE_LANDLINE, "phone")
            case Channel.CALL if not phone:
                self.fault(RosterFault.PHONE_MISSING_CALL, "phone")
            case Channel.LETTER if not self._address_whole():
                self.fault(RosterFault.ADDRESS_MISSING, "street")
            case Channel.CONTACT:
                self.fault(RosterFault.CONTACT_MISSING, "channel")

    def _keep_protected(self) -> None:
        protected = self.values.pop("protected", "") == "yes"
        if "protected" not in self.faulty:
            self.values["protected"] = protected
        if protected and any(self.values[name] for name in ("street", "postal_code", "city")):
            self.values.update(street="", postal_code="", city="")
            self.fault(RosterFault.PROTECTED_ADDRESS, "street")

    def _reaching_channel(self) -> str:
        if self.text("email"):
            return Channel.EMAIL.value
        if phone := self.text("phone"):
            return (Channel.SMS if takes_text_messages(phone) else Channel.CALL).value
        return Channel.LETTER.value

    def _address_whole(self) -> bool:
        return all(self.values[name] for name in ("street", "postal_code", "city"))


_UNKNOWN_WORD = {
    "language": RosterFault.LANGUAGE_UNKNOWN,
    "channel": RosterFault.CHANNEL_UNKNOWN,
    "gender": RosterFault.GENDER_UNKNOWN,
    "protected": RosterFault.PROTECTED_UNKNOWN,
}


def _one_line(text: str) -> str:
    return " ".join(text.split())
