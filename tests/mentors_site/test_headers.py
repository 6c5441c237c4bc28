import pytest
from django.test import Client

SECURITY_HEADERS = {
    "Content-Security-Policy": {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    },
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}
PRODUCTION_HEADERS = {"Strict-Transport-Security": {"max-age=31536000", "includeSubDomains", "preload"}}


def security_headers(response, names):
    return {name: {part.strip() for part in response.headers.get(name, "").split(";")} for name in names}


@pytest.fixture
def production(settings):
    """What the settings are without DEMO=1."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/healthz", 200),
        ("/fi/", 200),
        ("/fi/accounts/login/", 200),
        ("/fi/coordinator/cohorts/", 302),
        ("/fi/no-such-page/", 404),
    ],
)
def test_every_answer_bears_the_security_headers(client, centre, address, status):
    response = client.get(address)

    assert response.status_code == status
    assert security_headers(response, SECURITY_HEADERS) == SECURITY_HEADERS
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_an_error_page_needs_no_database_and_bears_the_security_headers(monkeypatch):
    # No django_db mark: a query of the error page would fail here.
    monkeypatch.setattr("mentors_site.views.connection", None)

    response = Client(raise_request_exception=False).get("/healthz")

    assert response.status_code == 500
    assert security_headers(response, SECURITY_HEADERS) == SECURITY_HEADERS


@pytest.mark.django_db
def test_another_host_name_is_refused(client, centre):
    response = client.get("/fi/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert security_headers(response, SECURITY_HEADERS) == SECURITY_HEADERS


@pytest.mark.django_db
def test_production_tells_browsers_to_stay_with_tls(production):
    response = Client().get("/healthz", secure=True)

    assert security_headers(response, PRODUCTION_HEADERS) == PRODUCTION_HEADERS


@pytest.mark.django_db
def test_production_redirects_plain_http_but_not_the_health_check(production):
    client = Client()

    assert client.get("/fi/").headers["Location"] == "https://testserver/fi/"
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_client_cannot_claim_tls_in_a_header(production):
    response = Client().get("/fi/", headers={"x-forwarded-proto": "https"})

    assert response.status_code == 301
