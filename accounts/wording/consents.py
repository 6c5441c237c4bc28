"""What is read aloud or shown before somebody says yes. The words as they were are kept with the yes: whoever changes a
sentence here changes nothing that was agreed before."""

from typing import Protocol

from django.utils.translation import gettext as _

from accounts.enums import ConsentPurpose
from accounts.models import ContactPerson


class Named(Protocol):
    @property
    def name(self) -> str: ...


def consent_text(purpose: ConsentPurpose, centre: Named) -> str:
    """The whole text for one purpose, in the language in use. `centre`: courses.catalogue.selectors.centre.centre_facts().

    It names nobody, since it is kept with the consent.
    """
    texts = {
        ConsentPurpose.COURSE: _(
            "%(centre)s stores your name and how to reach you, so that we can arrange the course and tell you about it. "
            "Only our staff and the trainers of your group see it. You may ask us at any time what we have, and to erase "
            "it. Is that all right?"
        ),
        ConsentPurpose.SUPPORT: _(
            "%(centre)s notes what we should arrange for you, so that you can take part. Only those who run your sessions "
            "see it. We delete it 30 days after the course ends. You may take this back at any time. Is that all right?"
        ),
        ConsentPurpose.CONTACT: _(
            "%(centre)s may tell the person you named about your course: only what you chose, and only until the day you "
            "chose. We keep their name and how to reach them for that alone. You may take this back at any time. Is that "
            "all right?"
        ),
    }
    return texts[purpose] % {"centre": centre.name}


def told_words(contact: ContactPerson) -> list[str]:
    """What a contact person is told, one line each."""
    told = [
        (contact.told_reminders, _("Reminders of sessions")),
        (contact.told_changes, _("Changes and cancellations")),
        (contact.told_absences, _("Absences")),
    ]
    return [words for wanted, words in told if wanted]
