"""Finding people by what somebody typed. How and why so: docs/adr/0012-search-words.md."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import PersonState
from accounts.models import Person, PersonMerge, SearchWord
from accounts.rules.codes import parse_person_code
from accounts.rules.search_words import Kind, Term, beginnings, read_search, word_range

# A page of the list. Who finds more types another letter.
MOST_FOUND = 50

# What leaves the fewest people is looked up, the rest is checked of those.
_LEADS = (Kind.EMAIL, Kind.PHONE, Kind.MIXED, Kind.NAME, Kind.DIGITS, Kind.PART)


def search_people(text: str, *, most: int | None = MOST_FOUND) -> QuerySet[Person]:
    """People of whom each word of `text` begins a name, the code, the e-mail, or begins or ends the phone; everybody when
    it is empty. In the order of a Finnish list; of more than `most` those whose words come first in the alphabet.

    Of several names typed all but the last are whole names when anybody bears them, else beginnings too. Spelling without
    å, ä, ö and accents finds the name as well; an own code may be typed in any form, also the code of a record that was
    made one with another; a phone number with or without country code, spaces and dashes.
    """
    people = Person.objects.exclude(state=PersonState.ANONYMIZED)
    if not text.strip():
        return people
    code = parse_person_code(text)
    if code:
        # Asked first: an OR with a sub-query would read a million rows on PostgreSQL.
        kept = PersonMerge.objects.filter(old_code=code).values_list("kept", flat=True).first()
        return people.filter(code=code) if kept is None else people.filter(pk=kept)
    found = _found(text)
    return people.none() if found is None else people.filter(pk__in=found.values("person")[:most])


def finds_more(text: str, *, most: int = MOST_FOUND) -> bool:
    """Whether search_people leaves somebody out."""
    found = None if parse_person_code(text) or not text.strip() else _found(text)
    return found is not None and found[most : most + 1].exists()


def _found(text: str) -> QuerySet[SearchWord] | None:
    """The words that answer `text`, in the order of the alphabet where that costs nothing; None when it asks nothing."""
    terms = sorted(read_search(text), key=lambda term: _LEADS.index(term.kind))
    if not terms:
        return None
    names = [term.text for term in terms if term.kind == Kind.NAME]
    if terms[0].kind != Kind.NAME:
        return _with_terms(_words(beginnings(terms[0]) or [f"@{terms[0].text}"]), terms[1:])
    others = [term for term in terms if term.kind != Kind.NAME]
    found = _with_terms(_with_whole_names(names), others)
    return found if len(names) == 1 or found.exists() else _with_terms(_with_begun_names(names), others)


def _with_whole_names(names: Sequence[str]) -> QuerySet[SearchWord]:
    """One look-up for two names: each name is stored followed by each other name of the person."""
    *whole, last = names
    if not whole:
        return _words([last])
    lead = max(whole, key=len)
    words = _words([f"{lead} {last}"])
    for name in whole:
        if name != lead:
            words = words.filter(_also([f"{name} "]))
    return words


def _with_begun_names(names: Sequence[str]) -> QuerySet[SearchWord]:
    lead, second, *rest = sorted(names, key=len, reverse=True)
    words = _words([lead]).filter(word__contains=f" {second}")
    for name in rest:
        words = words.filter(_also([name]))
    return words


def _with_terms(words: QuerySet[SearchWord], terms: Sequence[Term]) -> QuerySet[SearchWord]:
    for term in terms:
        begin = beginnings(term)
        words = words.filter(_also(begin) if begin else Q(person__email__contains=term.text))
    return words


def _also(words: Sequence[str]) -> Exists:
    return Exists(SearchWord.objects.filter(_begins(words), person=OuterRef("person")))


def _words(words: Sequence[str]) -> QuerySet[SearchWord]:
    found = SearchWord.objects.filter(_begins(words))
    # Two ranges in one order would be sorted whole; they are phones, of which few begin or end alike.
    return found.order_by("word") if len(words) == 1 else found


def _begins(words: Sequence[str]) -> Q:
    ranges = Q()
    for word in words:
        first, end = word_range(word)
        ranges |= Q(word__gte=first, word__lt=end)
    return ranges
