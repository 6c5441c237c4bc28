import pytest
from django.test import Client

from accounts.selectors import DEMO_ADDRESSES
from tests.factories import PersonFactory
from tests.house.programs import PRODUCTION, run_python

pytestmark = pytest.mark.django_db

PAGE = "/en/demo/sign-in/"


@pytest.fixture
def cast():
    roles = {"coordinator": ["coordinator"], "trainer": ["trainer"], "viewer": ["viewer"], "admin": ["administrator"]}
    return {
        address: PersonFactory.create(email=address, roles=roles.get(address.partition("@")[0], []))
        for address in reversed(DEMO_ADDRESSES)
    }


def test_the_sign_in_page_offers_the_six_in_their_order(client, cast):
    offered = client.get("/en/accounts/login/").context["demo_people"]

    assert [code for name, role, description, code in offered] == [cast[address].code for address in DEMO_ADDRESSES]


@pytest.mark.parametrize("address", DEMO_ADDRESSES)
def test_one_button_signs_in(client, cast, address):
    response = client.post(PAGE, {"code": cast[address].code})

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(cast[address].pk)


def test_the_way_on_stays_on_this_site(cast):
    ways = [
        Client().post(PAGE, {"code": cast["learner@demo.example"].code, "next": asked})["Location"]
        for asked in ("/en/privacy/", "https://evil.example/")
    ]

    assert ways == ["/en/privacy/", "/en/learner/"]


def test_nobody_else_is_signed_in_this_way(client, cast, learner):
    assert client.post(PAGE, {"code": learner.code}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.processes
def test_outside_the_demo_there_is_no_such_page():
    answered = run_python(
        "-c",
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "from courses.context_processors import centre\n"
        "assert 'demo_people' not in centre(None)\n"
        "try: reverse('demo:sign-in')\n"
        "except NoReverseMatch: print('no such page')",
        environment={**PRODUCTION, "DJANGO_SETTINGS_MODULE": "mentors_site.settings"},
    )

    assert answered.stdout == "no such page\n", answered.stderr
