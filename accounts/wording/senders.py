"""Whom a mail is from, in the language that is active."""

from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

# What the settings say where nobody has chosen another name; one's own name stays as it is.
GIVEN_NAME = gettext_noop("AI mentors")


def sender() -> Address:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Address(display_name=gettext(name) if name else "", addr_spec=address)
