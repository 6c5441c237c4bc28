import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.enums import DuplicateSign, PersonState
from accounts.models import AuditEntry, Person, PersonMerge, SuspectedPair, ToldApart
from accounts.services.merges import tell_apart
from courses.messaging.links import stop_url
from courses.messaging.models import ReminderStop
from courses.registry.services.merges import merge_people
from courses.registry.views.coordinator import duplicates as pairs
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAIRS = "/en/coordinator/people/pairs/"
HOSTILE = ["<script>alert(1)</script>", "{{7*7}}", "=1+1", '"><img src=x onerror=alert(1)>']


@pytest.fixture
def pair(db):
    """The older record is the first side, whichever way one comes."""
    older = PersonFactory.create(first_name="Aino", last_name="Korhonen", phone="+358401234567", email="")
    newer = PersonFactory.create(first_name="Aino-Maija", last_name="Korhonen", phone="+358401234567", city="Espoo")
    return older, newer


def compare_url(one, another):
    return reverse("coordinator:people-compare", args=[one.code, another.code])


def chosen(office, older, newer, **more):
    """What the browser posts when everything on the page is left as it is."""
    form = office.get(compare_url(older, newer)).context["form"]
    names = ["stays", "step", "seen", *(line.group for line in form.chosen_lines)]
    return {name: form[name].value() for name in names} | more


def words_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_page_without_pairs_says_so(office):
    assert "No likely pairs" in office.get(PAIRS).content.decode()


def test_likely_pairs_are_listed_with_why(office, pair):
    older, newer = pair
    SuspectedPair.objects.create(first=older, second=newer, rank=2, signs="name_alike phone")

    response = office.get(PAIRS)

    assert [(row.first, row.second) for row in response.context["pairs"]] == [pair]
    assert "nearly the same name, same year of birth, same phone" in response.content.decode()


def test_pairs_go_on_behind_the_last_of_the_page(office, pair, monkeypatch):
    monkeypatch.setattr(pairs, "PER_PAGE", 2)
    older, _newer = pair
    found = [
        SuspectedPair.objects.create(first=older, second=PersonFactory.create(), rank=1, signs="name").second
        for _number in range(3)
    ]

    first = office.get(PAIRS)
    after = first.context["last"].place
    second = office.get(PAIRS, {"after": f"{after[0]}-{after[1]}"})

    assert [row.second for row in first.context["pairs"]] == found[:2]
    assert ([row.second for row in second.context["pairs"]], second.context["last"]) == (found[2:], None)


@pytest.mark.parametrize("after", ["", "x", "1-", "9" * 40, "1-1; drop"])
def test_a_page_that_does_not_exist_is_the_first(office, pair, after):
    SuspectedPair.objects.create(first=pair[0], second=pair[1], rank=1, signs="name")

    assert len(office.get(PAIRS, {"after": after}).context["pairs"]) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_pairs_takes_the_same_queries_for_one_and_thirty(office, count, django_assert_num_queries):
    for _number in range(count):
        SuspectedPair.objects.create(first=PersonFactory.create(), second=PersonFactory.create(), rank=1, signs="name")
    office.get(PAIRS)

    with django_assert_num_queries(5):
        office.get(PAIRS)


def test_likely_pairs_are_a_task_of_the_day(office, pair):
    SuspectedPair.objects.create(first=pair[0], second=pair[1], rank=1, signs="name")

    assert "1 likely pair" in office.get("/en/coordinator/").content.decode()


def test_two_records_stand_side_by_side_with_what_differs(office, pair):
    older, newer = pair

    response = office.get(compare_url(newer, older))

    assert [side.person for side in response.context["comparison"].sides] == [older, newer]
    assert [line.group for line in response.context["lines"] if line.differs] == [
        "first_name",
        "email",
        "address",
    ]
    assert list(response.context["why"]) == [DuplicateSign.NAME_ALIKE, DuplicateSign.PHONE]
    assert response.content.decode().count("differs") == 2 * 3


def test_both_looks_are_written_down(office, pair, coordinator):
    office.get(compare_url(*pair))

    looks = AuditEntry.objects.filter(action="person.look", by=coordinator).order_by("subject")
    assert [entry.subject for entry in looks] == list(pair)


def test_what_is_known_is_proposed_rather_than_nothing(office, pair):
    older, newer = pair
    EnrollmentFactory.create(person=older)

    form = office.get(compare_url(older, newer)).context["form"]

    assert {name: form[name].value() for name in ("stays", "first_name", "email", "address")} == {
        "stays": older.code,
        "first_name": "first",
        "email": "second",
        "address": "second",
    }


def test_the_record_with_more_history_usually_stays(office, pair):
    older, newer = pair
    EnrollmentFactory.create(person=newer)

    assert office.get(compare_url(older, newer)).context["form"]["stays"].value() == newer.code


def test_the_review_says_what_will_happen_and_changes_nothing(office, pair):
    older, newer = pair
    cohort = CohortFactory.create(name_en="Spring A")
    EnrollmentFactory.create(person=older, cohort=cohort)
    EnrollmentFactory.create(person=newer, cohort=cohort)

    wanted = chosen(office, older, newer, stays=older.code, first_name="first")
    response = office.post(compare_url(older, newer), wanted)

    assert response.context["consequences"] == [
        f"{older.code} stays. The record {newer.code} goes; its own code leads to {older.code} from now on, also when "
        "signing in.",
        "First name: “Aino” stays.",
        f"E-mail: “{newer.email}” stays.",
        "Address: “Espoo” stays.",
        "Both are in Spring A. “Has a place” stays, with what was recorded under the other. The other, “Has a place”, is "
        "withdrawn: its seat becomes free for the next in the queue.",
        "Nobody is told, except whoever is offered the free seat.",
        "This cannot be undone: afterwards nobody can tell which of it came from which record.",
    ]
    assert response.context["form"].errors == {}
    assert Person.objects.filter(pk__in=[older.pk, newer.pk]).count() == 2


def test_the_review_is_confirmed_with_a_tick(office, pair):
    older, newer = pair
    sent = chosen(office, older, newer, step="merge")

    response = office.post(compare_url(older, newer), sent)

    assert response.context["form"].errors == {"sure": ["Tick this when you are sure."]}
    assert PersonMerge.objects.count() == 0


def test_two_records_become_one_with_the_values_chosen(office, pair, coordinator):
    older, newer = pair
    sent = chosen(office, older, newer, stays=older.code, step="merge", sure="on", first_name="second")

    response = office.post(compare_url(older, newer), sent)

    assert response.url == reverse("coordinator:people-detail", args=[older.code])
    older.refresh_from_db()
    assert (older.first_name, older.email, older.city) == ("Aino-Maija", newer.email, "Espoo")
    assert PersonMerge.objects.get().by == coordinator


def test_the_other_record_may_stay(office, pair):
    older, newer = pair
    sent = chosen(office, older, newer, stays=newer.code, step="merge", sure="on", first_name="first")

    office.post(compare_url(older, newer), sent)

    kept = Person.objects.get(pk=newer.pk)
    assert (kept.first_name, Person.objects.filter(pk=older.pk).exists()) == ("Aino", False)


def test_pressed_twice_it_is_one_record_already(office, pair):
    older, newer = pair
    sent = chosen(office, older, newer, step="merge", sure="on", stays=older.code)
    office.post(compare_url(older, newer), sent)

    response = office.post(compare_url(older, newer), sent)

    assert response.url == reverse("coordinator:people-detail", args=[older.code])
    assert words_of(response)[-1] == "These two records have been made one already."
    assert PersonMerge.objects.count() == 1


def test_a_change_meanwhile_is_looked_at_again(office, pair):
    older, newer = pair
    sent = chosen(office, older, newer, step="merge", sure="on")
    Person.objects.filter(pk=newer.pk).update(birth_year=1950)

    response = office.post(compare_url(older, newer), sent)

    assert response.url == compare_url(older, newer)
    assert words_of(response) == ["Something changed on one of the records while you were looking. Look at both again."]
    assert PersonMerge.objects.count() == 0


def test_the_way_to_reach_them_needs_its_address(office, pair):
    older, newer = pair

    response = office.post(compare_url(older, newer), chosen(office, older, newer, stays=older.code, email="first"))

    assert list(response.context["form"].errors) == ["email"]


@pytest.mark.parametrize("change", [{"state": PersonState.ANONYMIZED}, {"state": PersonState.DECEASED}])
def test_what_stands_in_the_way_is_said_on_the_page(office, pair, change):
    older, newer = pair
    Person.objects.filter(pk=newer.pk).update(**change)

    response = office.post(compare_url(older, newer), chosen(office, older, newer, step="merge", sure="on"))

    assert len(response.context["form"].non_field_errors()) == 1
    assert len(response.context["refusals"]) == 1


def test_one_record_twice_is_refused_in_words(office, pair):
    older, _newer = pair

    response = office.get(compare_url(older, older))

    assert (response.status_code, words_of(response)) == (302, ["That is one record twice."])


def test_a_pair_told_apart_is_listed_and_taken_back(office, pair, coordinator):
    older, newer = pair
    office.post(reverse("coordinator:people-apart-create", args=[newer.code, older.code]))
    told = ToldApart.objects.get()

    listed = office.get(reverse("coordinator:people-apart"))
    office.post(reverse("coordinator:people-apart-undo", args=[told.pk]))

    assert (told.first, told.second, told.by) == (older, newer, coordinator)
    assert [row.pk for row in listed.context["page_obj"]] == [told.pk]
    assert ToldApart.objects.count() == 0


def test_told_apart_twice_is_said_once(office, pair):
    older, newer = pair
    for _press in range(2):
        office.post(reverse("coordinator:people-apart-create", args=[older.code, newer.code]))

    assert ToldApart.objects.count() == 1


def test_taken_back_by_another_already(office, pair):
    assert office.post(reverse("coordinator:people-apart-undo", args=[1])).status_code == 404


def test_another_record_is_found_by_its_code(office, pair):
    older, newer = pair

    response = office.post(reverse("coordinator:people-merge", args=[older.code]), {"q": newer.code.lower()})

    assert response.url == compare_url(older, newer)


def test_another_record_is_found_by_name_without_oneself(office, pair):
    older, newer = pair

    response = office.post(reverse("coordinator:people-merge", args=[older.code]), {"q": "korhonen"})

    assert [row.person for row in response.context["rows"]] == [newer]


def test_the_likely_ones_are_shown_before_a_search(office, pair):
    older, newer = pair

    response = office.get(reverse("coordinator:people-merge", args=[older.code]))

    assert [row.person for row in response.context["rows"]] == [newer]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_come_out_as_text(office, text):
    one, another = (PersonFactory.create(first_name=text, last_name=name) for name in ("Aho", "Ahola"))

    page = office.get(compare_url(one, another)).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


# The old code


@pytest.fixture
def old_record(pair, coordinator):
    older, newer = pair
    merge = merge_people(kept=older, gone=Person.objects.get(pk=newer.pk), fields=[], act=act(coordinator))
    return older, merge


@pytest.mark.parametrize(
    ("page", "more"),
    [("people-detail", []), ("people-edit", []), ("people-state", ["moved"]), ("people-merge", [])],
)
def test_the_old_code_leads_to_the_record_that_stayed(office, old_record, page, more):
    kept, merge = old_record

    response = office.get(reverse(f"coordinator:{page}", args=[merge.old_code, *more]))

    assert response.url == reverse("coordinator:people-detail", args=[kept.code])


def test_a_form_left_open_on_the_old_record_leads_to_the_one_that_stayed(office, old_record):
    kept, merge = old_record

    response = office.post(reverse("coordinator:people-edit", args=[merge.old_code]), {"first_name": "Aino"})

    assert response.url == reverse("coordinator:people-detail", args=[kept.code])
    assert words_of(response) == [f"{merge.old_code} was made one with this record."]


def test_the_old_code_typed_in_the_search_opens_the_record(office, old_record):
    kept, merge = old_record

    response = office.post("/en/coordinator/people/", {"q": merge.old_code.lower()})

    assert response.url == reverse("coordinator:people-detail", args=[kept.code])


def test_the_old_code_leads_nobody_else(sign_in, trainer, old_record, centre):
    _kept, merge = old_record

    response = sign_in(trainer).get(reverse("coordinator:people-detail", args=[merge.old_code]))

    assert response.status_code == 404


def test_the_link_of_an_old_mail_stops_the_reminders_of_the_record_that_stayed(client, old_record, centre):
    kept, merge = old_record

    client.post(stop_url(person_id=merge.old_id, rule="session_soon", language="en"))

    assert ReminderStop.objects.get().person == kept


# Query counts


@pytest.mark.parametrize("count", [1, 30])
def test_the_comparison_takes_the_same_queries_for_one_and_thirty(office, pair, count, django_assert_num_queries):
    for person in pair:
        for _number in range(count):
            EnrollmentFactory.create(person=person)
    office.get(compare_url(*pair))

    with django_assert_num_queries(21):
        office.get(compare_url(*pair))


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_told_apart_takes_the_same_queries_for_one_and_thirty(
    office, coordinator, count, django_assert_num_queries
):
    for _number in range(count):
        tell_apart(first=PersonFactory.create(), second=PersonFactory.create(), act=act(coordinator))
    office.get(reverse("coordinator:people-apart"))

    with django_assert_num_queries(6):
        office.get(reverse("coordinator:people-apart"))


def test_the_better_spelled_record_is_proposed_and_the_page_says_why(office):
    plain = PersonFactory.create(first_name="Vaino", last_name="Makela", email="")
    careful = PersonFactory.create(first_name="Väinö", last_name="Mäkelä", email="")

    response = office.get(reverse("coordinator:people-compare", args=[plain.code, careful.code]))

    form = response.context["form"]
    assert form["stays"].value() == careful.code
    assert f"We propose {careful.code}: its name is spelled with more care." in response.content.decode()


def test_of_a_name_the_better_spelling_is_proposed_whichever_record_stays(office):
    known = PersonFactory.create(first_name="Vaino", last_name="Makela")
    careful = PersonFactory.create(first_name="Väinö", last_name="Mäkelä", email="")
    EnrollmentFactory.create(person=known)

    form = office.get(reverse("coordinator:people-compare", args=[known.code, careful.code])).context["form"]

    assert form["stays"].value() == known.code
    assert (form["first_name"].value(), form["last_name"].value(), form["email"].value()) == (
        "second",
        "second",
        "first",
    )
