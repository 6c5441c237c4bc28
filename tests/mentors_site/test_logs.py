import json
import logging

import pytest

from tests.house.programs import PRODUCTION, run_python

LOG_A_REQUEST = """
import django
django.setup()
import structlog
structlog.get_logger("site").info("request_started", user_agent="Mozilla/5.0 (a rare one)", user_id=7)
"""


@pytest.mark.processes
def test_production_logs_one_json_object_a_line_without_the_browser():
    result = run_python(
        "-c", LOG_A_REQUEST, environment=PRODUCTION | {"DJANGO_SETTINGS_MODULE": "mentors_site.settings"}
    )

    event = json.loads(result.stderr)
    event.pop("timestamp")
    assert event == {"event": "request_started", "user_id": 7, "level": "info", "logger": "site"}


@pytest.mark.django_db
def test_a_request_is_logged_with_the_primary_key_and_nothing_else_of_a_person(learner, sign_in, caplog):
    with caplog.at_level(logging.INFO):
        sign_in(learner).get("/healthz", headers={"user-agent": "Mozilla/5.0 (a rare one)"}, REMOTE_ADDR="192.0.2.7")

    events = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert [event["event"] for event in events] == ["request_started", "request_finished"]
    assert events[1]["user_id"] == learner.pk
    for mark in (learner.email, learner.last_name, learner.code, "192.0.2.7", "a rare one"):
        assert mark not in repr(events)
