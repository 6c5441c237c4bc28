import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import HowAsked
from accounts.models import Person, PersonMerge
from accounts.services.people import update_person
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.enrolling.models import Enrollment
from courses.enrolling.services.applications import Applicant, send_application
from courses.enrolling.services.queue import join_party
from courses.messaging.enums import MessageState
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("centre", "clock", "english")

LOOKUP, SHOW = "public:applications-lookup", "public:applications-show"
CORRECT, WITHDRAW = "public:applications-correct", "public:applications-withdraw"
PAGES = (SHOW, CORRECT, WITHDRAW, "public:applications-print")
CALL = {"channel": "call", "email": "", "phone": "040 123 4567", "street": "", "postal_code": "", "city": ""}


@pytest.fixture
def enrollment(db):
    return apply_for(CohortFactory.create())


def apply_for(cohort, first_name="Aino", **data):
    data = {"first_name": first_name, "last_name": "Virtanen", "email": "aino@example.org", "channel": "email", **data}
    (enrollment,) = send_application(
        cohort=cohort,
        applicants=[Applicant(data=data)],
        act=act(via=HowAsked.WEB),
        consent_text="We store it.",
        support_consent_text="We tell.",
    )
    return enrollment


def look_up(client, code):
    return client.post(reverse(LOOKUP), {"code": code})


def move(enrollment, state, **fields):
    Enrollment.objects.filter(pk=enrollment.pk).update(state=state, **fields)
    enrollment.refresh_from_db()


# Opening


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} ".replace("-", " ")]
)
def test_the_code_opens_it_however_it_is_typed(client, enrollment, typed):
    response = look_up(client, typed(enrollment.application_code))

    assert response.url == reverse(SHOW)
    assert client.get(response.url).context["enrollment"] == enrollment


@pytest.mark.parametrize("code", ["H-7K3M-Q2PX-9DTR", "nonsense", "H", "' OR 1=1 --"])
def test_a_wrong_code_is_told_kindly_and_opens_nothing(client, enrollment, code):
    response = look_up(client, code)

    assert response.context["form"].errors == {
        "code": ["There is no application with this code. Compare each letter and digit, or phone us."]
    }
    assert "09 123 4567" in response.content.decode().replace("\xa0", " ")
    assert client.get(reverse(SHOW)).url == reverse(LOOKUP)


def test_the_own_code_of_the_person_opens_nothing(client, enrollment):
    assert look_up(client, enrollment.person.code).status_code == 200


def test_an_empty_code_opens_none_of_the_applications_without_one(client, enrollment):
    Enrollment.objects.update(application_code="")

    assert [look_up(client, code).status_code for code in ("", "H", "-")] == [200, 200, 200]


def test_the_code_opens_that_application_and_not_the_persons_others(client, enrollment):
    other = CohortFactory.create(name_en="Secret other group")
    EnrollmentFactory.create(person=enrollment.person, cohort=other)
    look_up(client, enrollment.application_code)

    assert "Secret other group" not in client.get(reverse(SHOW)).content.decode()


def test_another_browser_sees_nothing(client, enrollment):
    look_up(client, enrollment.application_code)

    assert {Client().get(reverse(page)).url for page in PAGES} == {reverse(LOOKUP)}


def test_it_closes_after_half_an_hour_without_a_click(client, enrollment, clock):
    look_up(client, enrollment.application_code)
    clock.shift(timedelta(minutes=29))
    assert client.get(reverse(SHOW)).status_code == 200
    clock.shift(timedelta(minutes=29))
    assert client.get(reverse(SHOW)).status_code == 200

    clock.shift(timedelta(minutes=31))

    assert {client.get(reverse(page)).url for page in PAGES} == {reverse(LOOKUP)}


def test_close_closes_it_at_once(client, enrollment):
    look_up(client, enrollment.application_code)

    client.post(reverse("public:applications-close"))

    assert client.get(reverse(SHOW)).url == reverse(LOOKUP)


def test_a_planted_session_does_not_look_along(client, enrollment):
    client.post(reverse(LOOKUP), {"code": "x"})
    client.session["planted"] = True
    planted = client.session
    planted.save()
    client.cookies["sessionid"] = planted.session_key

    look_up(client, enrollment.application_code)

    assert client.cookies["sessionid"].value != planted.session_key


@pytest.fixture
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {"application_wrong_code": "2/15m/ip"}


def test_wrong_codes_are_limited_and_right_ones_are_not_counted(limits, enrollment, clock):
    def answer(code, address="192.0.2.1"):
        return look_up(Client(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.9"), code).status_code

    right = enrollment.application_code
    assert [answer(right) for _ in range(3)] == [302, 302, 302]
    assert [answer("wrong"), answer("wrong"), answer("wrong"), answer(right)] == [200, 200, 429, 429]
    assert answer(right, "192.0.2.2") == 302
    clock.shift(timedelta(minutes=16))
    assert answer(right) == 302


# What it shows


def test_the_place_in_the_queue_and_the_sessions(client, enrollment):
    cohort = enrollment.cohort
    session = SessionFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    move(enrollment, EnrollmentState.WAITLISTED, queue_number=2)
    look_up(client, enrollment.application_code)

    context = client.get(reverse(SHOW)).context

    assert (context["heading"], context["sessions"]) == ("You are number 2 in the queue", [session])


@pytest.mark.parametrize("state", EnrollmentState)
def test_each_state_has_its_words(client, enrollment, state):
    move(enrollment, state, queue_number=1, offer_expires_at=timezone.now() + timedelta(days=2))
    look_up(client, enrollment.application_code)

    answers = [client.get(reverse(page)).status_code for page in (SHOW, CORRECT, "public:applications-print")]

    assert answers == [200, 200, 200]


def test_what_was_told_is_listed_and_what_was_told_to_others_is_not(client, enrollment):
    message = enrollment.messages.get()
    message.state, message.sent_at, message.subject = MessageState.SENT, timezone.now(), "Your place"
    message.save()
    look_up(client, enrollment.application_code)

    assert client.get(reverse(SHOW)).context["told"] == [message]


def test_a_record_that_staff_have_touched_shows_nothing_of_it(client, enrollment, coordinator):
    update_person(person=enrollment.person, act=act(coordinator, HowAsked.PHONE), street="Salakatu 1")
    look_up(client, enrollment.application_code)

    pages = [client.get(reverse(page)).content.decode() for page in (SHOW, CORRECT)]

    assert [("Salakatu" in page, "aino@example.org" in page) for page in pages] == [(False, False)] * 2


def test_a_merged_record_shows_nothing_of_it(client, enrollment):
    PersonMerge.objects.create(kept=enrollment.person, old_code="S-2222-23", old_id=999_999)
    look_up(client, enrollment.application_code)

    assert client.get(reverse(SHOW)).context["contact"] is None


def test_the_printed_page_is_a_pdf(client, enrollment):
    look_up(client, enrollment.application_code)

    response = client.get(reverse("public:applications-print"))

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")


# Correcting


def test_the_way_to_be_reached_is_corrected(client, enrollment):
    look_up(client, enrollment.application_code)

    response = client.post(reverse(CORRECT), {**CALL, "goal": "Kuvia", "note": ""})

    person = Person.objects.get()
    assert response.url == reverse(SHOW)
    assert (person.channel, person.phone, person.email) == ("call", "+358401234567", "")
    assert Enrollment.objects.get().goal == "Kuvia"


def test_a_wrong_correction_changes_nothing_and_keeps_what_was_typed(client, enrollment):
    look_up(client, enrollment.application_code)

    response = client.post(reverse(CORRECT), {**CALL, "channel": "sms", "phone": "09 123 4567", "goal": "Kuvia"})

    assert list(response.context["contact"].errors) == ["phone"]
    assert "Kuvia" in response.content.decode()
    assert (Person.objects.get().channel, Enrollment.objects.get().goal) == ("email", "")


def test_what_to_arrange_is_corrected_with_consent(client, enrollment):
    look_up(client, enrollment.application_code)
    typed = {**CALL, "wheelchair": "on"}

    refused = client.post(reverse(CORRECT), typed)
    client.post(reverse(CORRECT), {**typed, "support_consent": "on"})

    assert list(refused.context["wishes"].errors) == ["support_consent"]
    assert Enrollment.objects.get().support_needs.wheelchair


def test_staff_who_were_quicker_are_not_overwritten(client, enrollment, coordinator):
    look_up(client, enrollment.application_code)
    client.get(reverse(CORRECT))
    update_person(person=enrollment.person, act=act(coordinator, HowAsked.PHONE), phone="+358409999999")

    client.post(reverse(CORRECT), {**CALL, "goal": "Kuvia"})

    assert Person.objects.get(pk=enrollment.person_id).phone == "+358409999999"


# Giving up


def test_looking_at_the_page_gives_up_nothing(client, enrollment):
    look_up(client, enrollment.application_code)

    client.get(reverse(WITHDRAW))

    assert Enrollment.objects.get().state == EnrollmentState.ENROLLED


@pytest.mark.parametrize(("typed", "kept"), [("", WithdrawalReason.NOT_TOLD), ("time", WithdrawalReason.TIME)])
def test_the_place_is_given_up_with_or_without_a_reason(client, enrollment, typed, kept):
    look_up(client, enrollment.application_code)

    assert client.post(reverse(WITHDRAW), {"reason": typed}).url == reverse(SHOW)

    enrollment.refresh_from_db()
    enrollment.cohort.refresh_from_db()
    assert (enrollment.state, enrollment.reason) == (EnrollmentState.WITHDRAWN, kept)
    assert enrollment.cohort.seats_taken == 0
    assert "Phone us" in client.get(reverse(SHOW)).content.decode()


def test_giving_up_twice_is_once(client, enrollment):
    look_up(client, enrollment.application_code)

    answers = [client.post(reverse(WITHDRAW), {"reason": ""}).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert enrollment.transitions.filter(to_state=EnrollmentState.WITHDRAWN).count() == 1


# An offer


def test_an_offer_is_accepted_by_code(client, enrollment):
    move(enrollment, EnrollmentState.OFFERED, offer_expires_at=timezone.now() + timedelta(days=2))
    look_up(client, enrollment.application_code)
    assert "Yes, I come" in client.get(reverse(SHOW)).content.decode()

    client.post(reverse(SHOW), {"answer": "accept"})

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.ENROLLED


def test_an_offer_is_declined_by_code(client, enrollment):
    move(enrollment, EnrollmentState.OFFERED, offer_expires_at=timezone.now() + timedelta(days=2))
    look_up(client, enrollment.application_code)

    client.post(reverse(SHOW), {"answer": "decline", "sure": "yes"})

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.WITHDRAWN


def test_an_offer_that_is_gone_is_told_so(client, enrollment):
    move(enrollment, EnrollmentState.OFFERED, offer_expires_at=timezone.now() + timedelta(days=2))
    look_up(client, enrollment.application_code)
    move(enrollment, EnrollmentState.WAITLISTED, queue_number=5, offer_expires_at=None)

    response = client.post(reverse(SHOW), {"answer": "accept"}, follow=True)

    assert re.search("The offer is not valid any more", response.content.decode())
    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.WAITLISTED


def test_one_of_two_says_no_for_themselves(client, enrollment):
    other = apply_for(enrollment.cohort, "Eino")
    for each in (enrollment, other):
        move(each, EnrollmentState.WAITLISTED, queue_number=each.pk)
    join_party(enrollments=[enrollment, other], act=act(via=HowAsked.WEB))
    for each in (enrollment, other):
        move(each, EnrollmentState.OFFERED, offer_expires_at=timezone.now() + timedelta(days=2))
    look_up(client, enrollment.application_code)

    client.post(reverse(SHOW), {"answer": "only_me", "sure": "yes"})

    enrollment.refresh_from_db()
    other.refresh_from_db()
    assert (enrollment.state, other.state) == (EnrollmentState.WITHDRAWN, EnrollmentState.OFFERED)


def test_no_answer_at_all_changes_nothing(client, enrollment):
    move(enrollment, EnrollmentState.OFFERED, offer_expires_at=timezone.now() + timedelta(days=2))
    look_up(client, enrollment.application_code)

    assert client.post(reverse(SHOW), {"answer": "perhaps"}).status_code == 200

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.OFFERED
