from courses.messaging.kinds import kind_named, may_be_stopped


def test_only_reminders_can_be_stopped_and_only_certificates_are_never_sent_twice():
    rules = ["place_confirmed", "session_soon", "certificate_ready"]

    assert [may_be_stopped(rule) for rule in rules] == [False, True, False]
    assert [kind_named(rule).policy for rule in rules] == ["resend", "resend", "hold"]
