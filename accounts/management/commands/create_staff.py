from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.acts import Act
from accounts.enums import HowAsked, Language, RoleName
from accounts.models import Person
from accounts.selectors import may_sign_in, people_with_address, person_with_code
from accounts.services.people import create_person, grant_role
from accounts.services.sign_in import GOOD_FOR, sign_in_token


class Command(BaseCommand):
    help = (
        "Gives a role to a member of the staff, who is added when the address is not known, and prints a sign-in that "
        "works once within an hour. Example: create_staff anna.aalto@example.org --role coordinator"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, choices=RoleName.values)
        parser.add_argument("--first-name", default="", help="of a new person; taken from the address when left out")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--language", default=Language.FINNISH.value, choices=Language.values)
        parser.add_argument("--person", metavar="CODE", help="own code, when several people share the address")

    def handle(self, *args: object, email: str, role: str, language: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        act = Act(by=None, via=HowAsked.DESK, at=timezone.now())
        try:
            with transaction.atomic():
                person = self._known(email, options["person"]) or _add(
                    email, language, act, first_name=options["first_name"], last_name=options["last_name"]
                )
                if role not in person.roles:
                    grant_role(person=person, role=RoleName(role), act=act)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with translation.override(person.language):
            path = reverse("account_sign_in_once", args=[sign_in_token(person)])
        self.stdout.write(f"{person.full_name} ({person.code}): {', '.join(sorted({*person.roles, role}))}")
        self.stdout.write(f"Sign in once, within {GOOD_FOR.seconds // 60} minutes:")
        self.stdout.write(f"{settings.SITE_URL}{path}")

    def _known(self, email: str, code: str | None) -> Person | None:
        if code:
            person = person_with_code(code)
            if person is None:
                raise CommandError(f"Nobody who may sign in has the own code {code}.")
            return person
        people = people_with_address(email)
        if len(people) > 1:
            codes = ", ".join(person.code for person in people)
            raise CommandError(f"Several people share this address: name one with --person ({codes}).")
        if not people and any(not may_sign_in(person) for person in Person.objects.filter(email__iexact=email)):
            raise CommandError("The person with this address may not sign in. An administrator can allow it.")
        return people[0] if people else None


def _add(email: str, language: str, act: Act, *, first_name: str, last_name: str) -> Person:
    local, _at, domain = email.partition("@")
    words = [word.capitalize() for word in local.replace("_", ".").replace("-", ".").split(".") if word]
    return create_person(
        first_name=first_name or words[0],
        last_name=last_name or " ".join(words[1:]) or domain,
        email=email,
        language=language,
        act=act,
    )
