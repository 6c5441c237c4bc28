from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Channel, ConsentPurpose
from accounts.models import Consent, Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.views.drafts import DRAFT_KEPT
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("centre", "clock", "english")

YOU = {"first_name": "Aino", "last_name": "Virtanen", "birth_year": "1948", "language": "fi"}
CONTACT = {"channel": "email", "email": "aino@example.org", "phone": "", "street": "", "postal_code": "", "city": ""}
WISHES: dict[str, str] = {}
EINO = {"companion1-first_name": "Eino", "companion1-last_name": "Virtanen"}
CONSENT = {"consent": "on"}


@pytest.fixture
def cohort(db):
    return CohortFactory.create()


def step_url(cohort, step):
    return reverse("public:applications-step", args=[cohort.code, step])


def review_url(cohort):
    return reverse("public:applications-review", args=[cohort.code])


def write(client, cohort, **steps):
    """Fills in the three pages; `steps` differ from the usual. Returns the last answer."""
    response = None
    for step, usual in (("you", YOU), ("contact", CONTACT), ("wishes", WISHES)):
        response = client.post(step_url(cohort, step), {**usual, **steps.get(step, {})})
        if response.status_code == 200:
            break
    return response


def send(client, cohort, **consent):
    return client.post(review_url(cohort), {**CONSENT, **consent})


def errors_of(response):
    return {name: list(errors) for form in response.context["forms"] for name, errors in form.errors.items()}


# The way through


def test_four_pages_make_an_application(client, cohort):
    assert client.get(reverse("public:applications-start", args=[cohort.code])).url == step_url(cohort, "you")
    assert client.post(step_url(cohort, "you"), YOU).url == step_url(cohort, "contact")
    assert client.post(step_url(cohort, "contact"), CONTACT).url == step_url(cohort, "wishes")
    assert client.post(step_url(cohort, "wishes"), WISHES).url == review_url(cohort)
    assert Enrollment.objects.count() == 0

    response = send(client, cohort)

    enrollment = Enrollment.objects.get()
    person = enrollment.person
    assert response.url == reverse("public:applications-done")
    assert (enrollment.state, person.full_name, person.birth_year) == (EnrollmentState.ENROLLED, "Aino Virtanen", 1948)
    assert (person.channel, person.email, person.language) == (Channel.EMAIL, "aino@example.org", "fi")
    assert Consent.objects.get().purpose == ConsentPurpose.COURSE


def test_nothing_is_written_before_it_is_sent(client, cohort):
    write(client, cohort)
    client.get(review_url(cohort))

    assert (Person.objects.count(), Enrollment.objects.count()) == (0, 0)


def test_the_review_shows_all_that_was_written(client, cohort):
    write(client, cohort, wishes={"hearing_loop": "on", "note": "Etupenkki", "goal": "Kuvia lapsille", **EINO})

    body = client.get(review_url(cohort)).content.decode()

    shown = [
        "Aino Virtanen",
        "1948",
        "aino@example.org",
        "induction loop",
        "Etupenkki",
        "Kuvia lapsille",
        "Eino Virtanen",
    ]
    assert [words for words in shown if words not in body] == []


def test_a_change_on_the_review_leads_back_to_the_review(client, cohort):
    write(client, cohort)

    assert client.post(step_url(cohort, "you"), {**YOU, "first_name": "Aune"}).url == review_url(cohort)
    send(client, cohort)

    assert Person.objects.get().first_name == "Aune"


def test_a_page_shows_again_what_was_written_there(client, cohort):
    write(client, cohort, wishes={"goal": "Kuvia lapsille", "wheelchair": "on", **EINO})

    body = client.get(step_url(cohort, "wishes")).content.decode()

    assert [words in body for words in ("Kuvia lapsille", 'value="Eino"')] == [True, True]
    assert client.get(step_url(cohort, "wishes")).context["forms"][0]["wheelchair"].value()


def test_one_cannot_jump_ahead(client, cohort):
    client.post(step_url(cohort, "you"), YOU)

    assert client.get(review_url(cohort)).url == step_url(cohort, "contact")
    assert send(client, cohort).url == step_url(cohort, "contact")
    assert Enrollment.objects.count() == 0


def test_a_step_that_does_not_exist_is_not_found(client, cohort):
    assert client.get(step_url(cohort, "money")).status_code == 404


def test_two_together_get_seats_for_both(client, cohort):
    write(client, cohort, wishes={**EINO, "companion1-phone": "040 123 4567"})
    send(client, cohort, companions_consent="on")

    aino, eino = Enrollment.objects.order_by("pk")
    assert aino.party_id == eino.party_id is not None
    assert (eino.person.full_name, eino.person.phone, eino.person.email) == ("Eino Virtanen", "+358401234567", "")
    assert eino.person.channel == Channel.SMS


def test_a_companion_without_contact_details_is_reached_as_the_applicant_is(client, cohort):
    letter = {"channel": "letter", "email": "", "street": "Kirjokatu 1", "postal_code": "02100", "city": "Espoo"}
    write(client, cohort, contact=letter, wishes=EINO)
    send(client, cohort, companions_consent="on")

    eino = Person.objects.get(first_name="Eino")
    assert (eino.channel, eino.street, eino.birth_year) == (Channel.LETTER, "Kirjokatu 1", None)


def test_the_consent_of_companions_is_asked_for(client, cohort):
    write(client, cohort, wishes=EINO)

    response = send(client, cohort)

    assert response.context["form"].errors == {"companions_consent": ["Ask them first, then tick the box."]}
    assert Person.objects.count() == 0


def test_what_to_arrange_needs_a_consent_of_its_own(client, cohort):
    write(client, cohort, wishes={"wheelchair": "on"})

    assert list(send(client, cohort).context["form"].errors) == ["support_consent"]
    send(client, cohort, support_consent="on")

    assert Enrollment.objects.get().support_needs.wheelchair
    assert set(Consent.objects.values_list("purpose", flat=True)) == {ConsentPurpose.COURSE, ConsentPurpose.SUPPORT}


def test_without_consent_nothing_is_stored(client, cohort):
    write(client, cohort)

    response = client.post(review_url(cohort), {})

    assert list(response.context["form"].errors) == ["consent"]
    assert Person.objects.count() == 0


# What is typed wrongly


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("48", "Write the year with four digits, for example 1948."),
        ("vuonna 1948", "Write the year with four digits, for example 1948."),
        ("1850", "The year of birth is between 1900 and 2027, four digits."),
        ("2030", "The year of birth is between 1900 and 2027, four digits."),
        ("9" * 10_000, "Write the year with four digits, for example 1948."),
        ("010148-123A", "Write the year with four digits, for example 1948."),
    ],
    ids=lambda value: value[:12],
)
def test_a_wrong_year_is_asked_for_again(client, cohort, year, words):
    response = client.post(step_url(cohort, "you"), {**YOU, "birth_year": year})

    assert errors_of(response) == {"birth_year": [words]}


@pytest.mark.parametrize("year", ["", " 1948 "])
def test_the_year_may_be_left_out_and_spaces_do_not_matter(client, cohort, year):
    assert client.post(step_url(cohort, "you"), {**YOU, "birth_year": year}).status_code == 302


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '=HYPERLINK("x")', "Robert'); DROP TABLE people;--", "Ŵÿñþ-Ö Ä", "李"]
)
def test_a_hostile_name_is_a_name(client, cohort, name):
    write(client, cohort, you={"last_name": name})
    send(client, cohort)

    assert Person.objects.get().last_name == name
    assert "<script>alert" not in client.get(reverse("public:applications-show")).content.decode()


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("you", "first_name"),
        ("you", "last_name"),
        ("contact", "street"),
        ("contact", "phone"),
        ("wishes", "goal"),
        ("wishes", "note"),
        ("wishes", "companion1-first_name"),
    ],
)
@pytest.mark.parametrize("text", ["010148-123A", "x" * 10_000, "   \u200b\x00"], ids=["code", "long", "invisible"])
def test_a_text_that_cannot_be_kept_is_refused_kindly(client, cohort, step, field, text):
    response = write(client, cohort, **{step: {field: text}})

    if text.startswith(" ") and response.status_code == 302:
        # An invisible text in a field that may be empty is an empty one.
        assert field in ("street", "phone", "goal", "note", "companion1-first_name")
    else:
        assert response.status_code == 200
        assert list(errors_of(response)) != []
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"channel": "email", "email": ""}, "email"),
        ({"channel": "email", "email": "aino.example.org"}, "email"),
        ({"channel": "sms"}, "phone"),
        ({"channel": "call"}, "phone"),
        ({"channel": "call", "phone": "12"}, "phone"),
        ({"channel": "sms", "phone": "09 123 4567"}, "phone"),
        ({"channel": "letter", "postal_code": "02100", "city": "Espoo"}, "street"),
        ({"channel": "letter", "street": "Kirjokatu 1", "city": "Espoo"}, "postal_code"),
        ({"channel": "letter", "street": "Kirjokatu 1", "postal_code": "02100"}, "city"),
        ({"channel": ""}, "channel"),
        ({"channel": "contact"}, "channel"),
    ],
)
def test_the_way_that_was_chosen_must_be_given(client, cohort, typed, field):
    client.post(step_url(cohort, "you"), YOU)

    response = client.post(step_url(cohort, "contact"), {**CONTACT, **typed})

    assert list(errors_of(response)) == [field]


def test_a_landline_gets_phone_calls_and_is_told_so(client, cohort):
    client.post(step_url(cohort, "you"), YOU)
    typed = {**CONTACT, "email": "", "phone": "09 123 4567"}

    refused = client.post(step_url(cohort, "contact"), {**typed, "channel": "sms"})

    words = "Text messages do not reach a landline. Write a mobile number, or choose a phone call above."
    assert errors_of(refused) == {"phone": [words]}
    assert client.post(step_url(cohort, "contact"), {**typed, "channel": "call"}).status_code == 302


def test_somebody_with_nothing_but_an_address_can_apply(client, cohort):
    address = {"channel": "letter", "email": "", "street": "Kirjokatu 1", "postal_code": "02100", "city": "Espoo"}
    write(client, cohort, contact=address)
    send(client, cohort)

    person = Person.objects.get()
    assert (person.email, person.phone, person.channel, person.second_channel) == ("", "", Channel.LETTER, "")


def test_what_else_was_given_is_the_second_way(client, cohort):
    write(client, cohort, contact={"phone": "040 123 4567"})
    send(client, cohort)

    assert Person.objects.get().second_channel == Channel.SMS


# Time passes


def test_a_page_that_lay_open_for_a_day_still_works(client, cohort, clock):
    write(client, cohort)
    clock.shift(timedelta(days=1))

    assert send(client, cohort).url == reverse("public:applications-done")
    assert Person.objects.get().first_name == "Aino"


def test_after_two_days_what_was_written_is_gone_and_one_begins_at_the_page_that_is_missing(client, cohort, clock):
    write(client, cohort)
    clock.shift(DRAFT_KEPT + timedelta(minutes=1))

    assert send(client, cohort).url == step_url(cohort, "you")
    assert Person.objects.count() == 0


def test_the_button_pressed_twice_makes_one_application(client, cohort):
    write(client, cohort)
    first = send(client, cohort)
    again = send(client, cohort)

    assert [first.url, again.url] == [reverse("public:applications-done")] * 2
    assert Enrollment.objects.count() == 1


def test_a_second_press_that_met_the_same_draft_makes_one_application(client, cohort):
    """The answer to the first press did not arrive: the session still holds the draft."""
    write(client, cohort)
    kept = BrowserSession.objects.get().session_data
    send(client, cohort)
    code = Enrollment.objects.get().application_code
    BrowserSession.objects.update(session_data=kept)

    send(client, cohort)

    assert Enrollment.objects.get().application_code == code
    assert client.get(reverse("public:applications-done")).context["enrollment"].application_code == code


def test_a_second_application_on_the_same_device_is_another_one(client, cohort):
    write(client, cohort)
    send(client, cohort)
    write(client, cohort, you={"first_name": "Eino"})
    send(client, cohort)

    assert Enrollment.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"state": CohortState.CANCELLED},
        {"state": CohortState.RUNNING},
        {"applications_close_on": "2027-01-11"},
        {"waiting_list_capacity": 0, "capacity": 1, "seats_taken": 1},
    ],
    ids=["cancelled", "running", "closed", "queue full"],
)
def test_a_group_that_closed_meanwhile_shows_the_others_and_keeps_what_was_written(client, cohort, change):
    other = CohortFactory.create(course=cohort.course)
    write(client, cohort)
    Cohort.objects.filter(pk=cohort.pk).update(**change)

    response = send(client, cohort)

    assert [group for group, _state in response.context["others"]] == [other]
    assert Person.objects.count() == 0
    assert client.get(review_url(other)).context["you"].cleaned_data["first_name"] == "Aino"
    send(client, other)
    assert Enrollment.objects.get().cohort == other


def test_a_draft_group_is_not_found(client):
    cohort = CohortFactory.create(state=CohortState.DRAFT)

    assert client.get(step_url(cohort, "you")).status_code == 404


def test_a_group_that_is_not_open_yet_says_when(client):
    cohort = CohortFactory.create(applications_open_on="2027-01-20")

    assert "Applications open Wednesday" in client.get(step_url(cohort, "you")).content.decode()


def test_a_full_group_tells_of_the_queue_before_it_is_sent(client, cohort):
    Cohort.objects.update(capacity=1, seats_taken=1)
    write(client, cohort)

    assert "You join the queue" in client.get(review_url(cohort)).content.decode()


# Whoever comes after


def test_what_somebody_wrote_is_not_shown_on_the_first_page(client, cohort):
    write(client, cohort)

    body = client.get(reverse("public:applications-start", args=[cohort.code])).content.decode()

    assert "An application has been begun here" in body
    assert "Aino" not in body


def test_stop_deletes_what_was_written(client, cohort):
    write(client, cohort)

    client.post(reverse("public:applications-stop", args=[cohort.code]))

    assert client.get(review_url(cohort)).url == step_url(cohort, "you")
    assert "Aino" not in client.get(step_url(cohort, "you")).content.decode()


def test_another_browser_sees_nothing(client, cohort):
    write(client, cohort)
    send(client, cohort)
    stranger = Client()

    pages = ("applications-done", "applications-show", "applications-correct", "applications-withdraw")
    answers = [stranger.get(reverse(f"public:{page}")) for page in (*pages, "applications-print")]

    assert {answer.url for answer in answers} == {reverse("public:applications-lookup")}
    assert stranger.get(review_url(cohort)).url == step_url(cohort, "you")


def test_no_name_stands_in_an_address(client, cohort):
    urls = [write(client, cohort).url, send(client, cohort).url]

    assert [url for url in urls if "aino" in url.lower() or "H-" in url] == []


# The answer


def test_the_answer_is_the_same_whether_or_not_the_person_is_known(client, cohort):
    def answer():
        browser = Client()
        write(browser, cohort)
        send(browser, cohort)
        body = browser.get(reverse("public:applications-done")).content.decode()
        return body.replace(Enrollment.objects.latest("pk").application_code, "CODE")

    first = answer()
    PersonFactory.create(first_name="Aino", last_name="Virtanen", birth_year=1948, email="aino@example.org")
    second = answer()

    assert without_token(first) == without_token(second)


def without_token(body):
    return [line for line in body.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_place_is_told_with_the_code_and_the_days(client, cohort):
    SessionFactory.create(cohort=cohort, number=1, starts_at=timezone.now() + timedelta(days=14))
    SessionFactory.create(cohort=cohort, number=2, starts_at=timezone.now() + timedelta(days=21))
    write(client, cohort)
    send(client, cohort)

    response = client.get(reverse("public:applications-done"))

    assert response.context["heading"] == "You have a place"
    assert Enrollment.objects.get().application_code in response.content.decode()
    assert response.context["steps"] == [
        ("Friday 22\u00a0January", "We remind you by e-mail, with the way to the place."),
        ("Tuesday 26\u00a0January", "The first session. It begins at 10:00."),
    ]


def test_whoever_is_told_by_letter_is_told_which_letters_come(client, cohort):
    SessionFactory.create(cohort=cohort, number=1, starts_at=timezone.now() + timedelta(days=14))
    address = {"street": "Kotikatu 1", "postal_code": "02100", "city": "Espoo"}
    write(client, cohort, contact={"channel": "letter", "email": "", **address})
    send(client, cohort)

    assert client.get(reverse("public:applications-done")).context["steps"] == [
        ("In the next few days", "We post you a letter that confirms your place."),
        ("Monday 18\u00a0January", "We post you a letter that reminds you."),
        ("Tuesday 26\u00a0January", "It begins at 10:00."),
    ]


def test_what_the_chosen_way_needs_is_not_called_optional(client, cohort):
    client.post(step_url(cohort, "you"), YOU)

    content = client.get(step_url(cohort, "contact")).content.decode()

    assert "(optional)" not in content
    assert 'class="reach"' in content


def test_the_place_in_the_queue_is_told_and_where_seats_are_free(client, cohort):
    EnrollmentFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    Cohort.objects.update(capacity=1, queue_last=1)
    other = CohortFactory.create(course=cohort.course)
    write(client, cohort)
    send(client, cohort)

    response = client.get(reverse("public:applications-done"))

    assert response.context["heading"] == "You are number 2 in the queue"
    assert response.context["groups"] == [other]


def test_what_a_course_asks_for_is_told_first_and_checked_in_three_working_days(client):
    cohort = CohortFactory.create(course=CourseFactory.create(required_course=CourseFactory.create()))

    assert "Before you apply" in client.get(step_url(cohort, "you")).content.decode()
    write(client, cohort)
    send(client, cohort)
    response = client.get(reverse("public:applications-done"))

    assert response.context["heading"] == "We have your application"
    assert response.context["steps"][0][0] == "Within 3 working days, by Friday 15\u00a0January"


def test_a_check_is_not_promised_for_a_day_on_which_the_group_has_begun(client):
    starts = timezone.localdate() + timedelta(days=2)
    cohort = CohortFactory.create(
        course=CourseFactory.create(required_course=CourseFactory.create()), starts_on=starts, ends_on=starts
    )
    write(client, cohort)
    send(client, cohort)

    steps = client.get(reverse("public:applications-done")).context["steps"]

    assert [when for when, _what in steps] == ["Before the group starts"]


def test_companions_have_codes_of_their_own(client, cohort):
    write(client, cohort, wishes=EINO)
    send(client, cohort, companions_consent="on")

    (eino,) = client.get(reverse("public:applications-done")).context["companions"]

    assert eino == Enrollment.objects.get(person__first_name="Eino")


# Machines


def test_a_machine_that_fills_in_the_trap_is_answered_and_writes_nothing(client, cohort):
    write(client, cohort)

    response = client.post(review_url(cohort), {**CONSENT, "website": "https://spam.example"})

    body = client.get(response.url).content.decode()
    assert response.url == reverse("public:applications-done")
    assert "Thank you, Aino." in body
    assert (Person.objects.count(), Enrollment.objects.count()) == (0, 0)
    assert client.get(reverse("public:applications-show")).url == reverse("public:applications-lookup")


@pytest.fixture
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {"application_send": "2/h/ip,3/h/key", "application_begin": "4/h/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0


def apply_from(address, cohort, **extra):
    browser = Client(REMOTE_ADDR=address, **extra)
    write(browser, cohort)
    return send(browser, cohort), browser


def test_one_address_applies_so_often_and_no_more(limits, cohort):
    answers = [apply_from("192.0.2.1", cohort)[0].status_code for _ in range(3)]

    assert answers == [302, 302, 429]
    assert Enrollment.objects.count() == 2
    assert apply_from("192.0.2.2", cohort)[0].status_code == 302


def test_a_header_makes_no_other_address(limits, cohort):
    answers = [apply_from("192.0.2.1", cohort, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")[0].status_code for n in range(3)]

    assert answers == [302, 302, 429]


def test_all_addresses_together_have_a_limit(limits, cohort):
    answers = [apply_from(f"192.0.2.{n}", cohort)[0].status_code for n in range(5)]

    assert answers == [302, 302, 302, 429, 429]


def test_whoever_is_over_the_limit_loses_nothing(limits, cohort, clock):
    for _ in range(2):
        apply_from("192.0.2.1", cohort)
    _answer, browser = apply_from("192.0.2.1", cohort)
    clock.shift(timedelta(hours=1, minutes=1))

    assert send(browser, cohort).status_code == 302
    assert Enrollment.objects.count() == 3


def test_one_address_begins_so_often_and_no_more(limits, cohort):
    answers = [Client().post(step_url(cohort, "you"), YOU).status_code for _ in range(5)]

    assert answers == [302, 302, 302, 302, 429]
    assert BrowserSession.objects.count() == 4


def test_the_group_page_leads_to_the_application(client, cohort):
    url = reverse("public:applications-start", args=[cohort.code])

    assert url in client.get(reverse("public:cohorts-detail", args=[cohort.code])).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_groups(client, cohort, django_assert_num_queries):
    write(client, cohort)
    Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.CANCELLED)
    CohortFactory.create()
    # Session, cohort, centre, others with their sessions, and the session written.
    with django_assert_num_queries(5):
        client.get(step_url(cohort, "you"))
    CohortFactory.create_batch(8)

    with django_assert_num_queries(4):
        client.get(step_url(cohort, "you"))
