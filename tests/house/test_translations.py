import re
from io import BytesIO
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from tests.house.programs import ROOT

# As GNU gettext is asked by `makemessages`, but in Python, so that a bare machine runs this test too.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The texts of the English pages are the keys; a key is a context (or None) and a text.
Key = tuple[str | None, str]
LANGUAGES = ["fi", "sv"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|{\w*}")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "mentors_site" / "locale" / language / "LC_MESSAGES" / "django.po"))


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or None, entry.msgid


def texts_in(path: Path) -> set[Key]:
    source = path.read_text()
    if path.suffix != ".py":
        source = templatize(source, origin=str(path))
        # Babel reads it as Python, in which the indentation of HTML makes no sense.
        source = "\n".join(line.strip() for line in source.splitlines())
    found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    return {(context, text if isinstance(text, str) else text[0]) for _line, text, _comments, context in found}


@pytest.fixture(scope="module")
def texts() -> set[Key]:
    files = [
        path
        for app in ("accounts", "courses", "mentors_site")
        for pattern in ("*.py", "templates/**/*.html", "templates/**/*.txt")
        for path in (ROOT / app).rglob(pattern)
        if "migrations" not in path.parts
    ]
    return {key for path in files for key in texts_in(path) if key[1]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue(language, texts):
    entries = {key_of(entry) for entry in catalogue(language) if not entry.obsolete}

    assert texts - entries == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_holds_no_text_that_is_gone(language, texts):
    entries = {key_of(entry) for entry in catalogue(language)}

    assert entries - texts == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    book = catalogue(language)
    missing = [entry.msgid for entry in [*book.untranslated_entries(), *book.fuzzy_entries()]]

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    wrong = []
    for entry in catalogue(language):
        # A plural form may say "one" in words, so the plural text decides.
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation and set(PLACEHOLDER.findall(translation)) - wanted:
                wrong.append(entry.msgid)
        last = entry.msgstr_plural[max(entry.msgstr_plural)] if entry.msgstr_plural else entry.msgstr
        if last and set(PLACEHOLDER.findall(last)) != wanted:
            wrong.append(entry.msgid)

    assert wrong == []
