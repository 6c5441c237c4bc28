"""In which words the site speaks while tests run.

Most tests read the texts as they stand in the code, whatever is translated: tests/house looks at the translations, and
the tests of the browser see the pages as their readers do.
"""

import gettext
from pathlib import Path

from django.conf import settings
from django.utils.translation import trans_real

_LOAD = trans_real.DjangoTranslation._new_gnu_trans


def speak_as_the_code() -> None:
    ours = Path(settings.BASE_DIR) / "mentors_site" / "locale"

    def without_ours(self, localedir, use_null_fallback=True):
        if Path(localedir) == ours:
            return gettext.NullTranslations()
        return _LOAD(self, localedir, use_null_fallback)

    _use(without_ours)


def speak_as_the_site() -> None:
    _use(_LOAD)


def _use(load) -> None:
    trans_real.DjangoTranslation._new_gnu_trans = load
    # What was loaded before is loaded anew.
    trans_real._translations.clear()
    trans_real._default = None
