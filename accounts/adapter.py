from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.mail import send_now, try_mail_server
from accounts.models import Person
from accounts.rules.homes import home_of
from accounts.selectors import may_sign_in, people_with_address


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by a code, for people whom the centre has put on record: no sign-up, no passwords."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That is not the code we sent. Compare each letter."),
        "too_many_login_attempts": _("The code was wrong five times and no longer works. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The code, in the language of the person who asked. Raises MailUnavailable."""
        request = context["request"]
        person: Person = request.asking_person
        send_now(
            template=template_prefix,
            to=email,
            language=person.language,
            context={"person": person, "code": context["code"]},
            request=request,
        )

    def answer_nobody(self, request: HttpRequest, email: str) -> None:
        """Nothing for an unknown address. People who share one are told to use the own code. Raises MailUnavailable."""
        people = people_with_address(email)
        if not people:
            try_mail_server()
            return
        send_now(
            template="account/email/shared_address",
            to=email,
            language=people[0].language,
            context={"people": people},
            request=request,
        )

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: object) -> HttpResponse | None:
        if not isinstance(user, Person) or not may_sign_in(user):
            # The code that was right is worth nothing, later neither.
            request.session.flush()
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person = request.user
        assert isinstance(person, Person)
        return reverse(home_of(person.roles))
