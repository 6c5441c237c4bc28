"""Invented people of the demo. All addresses end in `.example`, which can belong to nobody."""

import datetime
from dataclasses import dataclass
from random import Random

from accounts.enums import Channel, Gender, Language
from accounts.models import District, Person
from accounts.rules.codes import ALPHABET, check_character, format_person_code
from accounts.rules.keys import person_keys
from accounts.rules.names import fold
from courses.demo import names

STAFF = [
    # first name, last name, language, local part of the address
    ("Kaisa", "Esittelijä", "fi", "coordinator"),
    ("Timo", "Esimerkki", "fi", "trainer"),
    ("Helena", "Förebild", "sv", "trainer2"),
    ("Jari", "Malli", "fi", "trainer3"),
    ("Venla", "Esimerkki", "fi", "viewer"),
    ("Arvo", "Malli", "fi", "admin"),
]
# The two people who stand for a learner and a mentor.
LEARNER = ("Lempi", "Esimerkki", "fi", "learner")
MENTOR = ("Mauri", "Malli", "fi", "mentor")


@dataclass
class Codes:
    """Own codes drawn from the demo's random numbers, none twice."""

    random: Random
    given: set[str]

    def new(self) -> str:
        while True:
            body = "".join(self.random.choices(ALPHABET, k=5))
            code = format_person_code(body + check_character(body))
            if code not in self.given:
                self.given.add(code)
                return code


def demo_person(
    codes: Codes, first_name: str, last_name: str, language: str, local: str, created: datetime.datetime
) -> Person:
    """One of the people whom the sign-in page of the demo offers."""
    email = f"{local}@demo.example"
    birth_year = 1951 if local in {"learner", "mentor"} else 1978
    return Person(
        code=codes.new(),
        first_name=first_name,
        last_name=last_name,
        language=language,
        birth_year=birth_year,
        email=email,
        channel=Channel.EMAIL,
        password="!",  # noqa: S106  # unusable: nobody has a password
        created_at=created,
        **person_keys(first_name=first_name, last_name=last_name, birth_year=birth_year),
    )


def invented_people(
    random: Random,
    codes: Codes,
    districts: list[District],
    count: int,
    today: datetime.date,
    created: datetime.datetime,
) -> list[Person]:
    """`count` unsaved people: seven of ten speak Finnish, two Swedish; a third uses no e-mail."""
    return [_invented_person(random, codes, districts, number, today, created) for number in range(count)]


def _invented_person(
    random: Random,
    codes: Codes,
    districts: list[District],
    number: int,
    today: datetime.date,
    created: datetime.datetime,
) -> Person:
    language = random.choices([Language.FINNISH, Language.SWEDISH, Language.ENGLISH], [72, 21, 7])[0]
    first_name, last_name, gender = _name(random, language)
    has_email = random.random() < 0.64
    phone = f"+35840000{number % 10000:04d}" if random.random() < 0.93 else ""
    email = f"{fold(first_name)}.{fold(last_name)}.{number}@demo.example".replace(" ", "-") if has_email else ""
    channel = Channel.EMAIL if has_email else (Channel.CALL if phone and random.random() < 0.5 else Channel.LETTER)
    place = random.randrange(len(districts))
    code = codes.new()
    birth_year = today.year - int(random.triangular(58, 92, 71))
    return Person(
        code=code,
        first_name=first_name,
        last_name=last_name,
        birth_year=birth_year,
        gender=gender if random.random() < 0.9 else "",
        language=language,
        district=districts[place],
        phone=phone,
        email=email,
        street=f"{random.choice(names.STREETS)} {random.randint(1, 60)}",
        postal_code=names.POSTAL_CODES[place % len(names.POSTAL_CODES)],
        city="Espoo",
        channel=channel,
        second_channel=Channel.CALL if phone and channel != Channel.CALL else "",
        password="!",  # noqa: S106  # unusable: nobody has a password
        created_at=created,
        **person_keys(first_name=first_name, last_name=last_name, birth_year=birth_year),
    )


def _name(random: Random, language: Language) -> tuple[str, str, str]:
    if language == Language.ENGLISH:
        first_name, _last, gender = random.choice(names.OTHERS)
        return first_name, random.choice(names.OTHERS)[1], gender
    woman = random.random() < 0.66
    if language == Language.SWEDISH:
        first_names, surnames = (names.WOMEN_SV if woman else names.MEN_SV), names.SURNAMES_SV
    else:
        first_names, surnames = (names.WOMEN_FI if woman else names.MEN_FI), names.SURNAMES_FI
    return random.choice(first_names), random.choice(surnames), Gender.WOMAN if woman else Gender.MAN
