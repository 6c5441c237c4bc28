import pytest


@pytest.mark.django_db
def test_health_check_answers_anyone(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content, response.headers["Content-Type"]) == (200, b"ok\n", "text/plain")


def test_health_check_changes_nothing(client):
    assert client.post("/healthz").status_code == 405
