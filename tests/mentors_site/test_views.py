import pytest
from django.test import Client
from django.urls import reverse

from mentors_site.views import server_error

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
