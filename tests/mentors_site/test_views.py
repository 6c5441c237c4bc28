import re
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.registry.wording.retention import periods_kept
from mentors_site.views import server_error
from tests.factories import CentreFactory, CohortFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("page", ["accessibility", "ethics", "privacy"])
def test_statements_are_open_to_anyone(client, language, page):
    assert client.get(f"/{language}/{page}/").status_code == 200


@pytest.mark.parametrize("page", ["gallery", "gallery-calm"])
def test_gallery_is_not_for_strangers(client, page):
    response = client.get(reverse(page))

    assert response.status_code == 302


def test_reading_preference_is_kept_and_leads_back(client):
    response = client.post(reverse("reading-edit"), {"reading": "larger contrast", "next": "/en/ethics/"})
    page = client.get("/en/ethics/")

    assert (response["Location"], 'class="calm larger contrast"' in page.content.decode()) == ("/en/ethics/", True)


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_reading_preference_never_leads_elsewhere(client, address):
    response = client.post(reverse("reading-edit"), {"reading": "larger", "next": address})

    assert response["Location"] == "/"


def test_unknown_reading_preference_is_not_kept(client):
    response = client.post(reverse("reading-edit"), {"reading": "x onload", "next": "/"})

    assert "reading" not in response.cookies


def test_missing_page_says_so_in_the_language_of_its_address(client):
    response = client.get("/en/no-such-page/")

    assert (response.status_code, "This page was not found" in response.content.decode()) == (404, True)


def test_form_without_its_token_is_explained():
    response = Client(enforce_csrf_checks=True).post(reverse("reading-edit"), {"reading": "larger"})

    assert (response.status_code, b"<h1>" in response.content) == (403, True)


def test_broken_page_asks_nothing_of_the_database(django_assert_num_queries, rf):
    with django_assert_num_queries(0):
        response = server_error(rf.get("/"))

    assert (response.status_code, b'lang="sv"' in response.content) == (500, True)


def test_the_page_on_privacy_says_the_periods_that_run(client):
    page = client.get("/en/privacy/").content.decode()

    assert [what for what, kept in periods_kept() if what not in page or kept not in page] == []
    assert "24 months after the course; then only figures without names stay" in page


def test_machines_are_told_what_they_need_not_read(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain"
    assert "Disallow: /*/coordinator/" in response.content.decode().splitlines()


def test_the_icon_stands_where_programs_look_for_it(client):
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_who_finds_a_weakness_is_told_whom_to_write_to(client):
    assert client.get("/.well-known/security.txt").status_code == 404
    CentreFactory.create(email="tuki@keskus.example")
    cache.clear()

    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Contact"] == "mailto:tuki@keskus.example"
    assert timezone.now() < datetime.fromisoformat(fields["Expires"]) < timezone.now() + timedelta(days=365)
    assert fields["Canonical"].endswith("/.well-known/security.txt")


@pytest.mark.parametrize("page", ["/en/", "/en/privacy/", "/en/ethics/", "/en/accessibility/", "/en/cohorts/A-1/"])
def test_open_pages_say_what_they_are(client, page):
    CohortFactory.create(code="A-1")
    response = client.get(page)

    assert re.search(r'<meta\s+name="description"\s+content="\w', response.content.decode())
    assert "X-Robots-Tag" not in response


@pytest.mark.parametrize("page", ["/en/check/", "/en/application/", "/en/accounts/login/"])
def test_what_a_code_opens_is_in_no_search_engine(client, page):
    assert client.get(page)["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("page", "packed"),
    [
        ("/en/", True),
        ("/en/privacy/", True),
        ("/en/?page=1", False),
        ("/en/accessibility/", False),
        ("/en/check/", False),
    ],
)
def test_only_what_holds_no_secret_is_compressed(client, page, packed):
    response = client.get(page, headers={"Accept-Encoding": "gzip"})

    assert (response.get("Content-Encoding") == "gzip") is packed


def test_nothing_is_compressed_for_who_is_signed_in(client, sign_in, learner):
    sign_in(learner)

    assert "Content-Encoding" not in client.get("/en/", headers={"Accept-Encoding": "gzip"})
