from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.models import Person
from accounts.selectors import may_sign_in


class PersonBackend(AuthenticationBackend):
    """Asked at every request: whoever may sign in no more is signed out of every session at once."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return isinstance(user, Person) and may_sign_in(user)
