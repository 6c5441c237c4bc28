from courses.messaging.rules.keys import contact_key, first_channel_key, next_channel_key, without_contact


def test_key_of_the_next_channel_keeps_what_the_first_was_about():
    key = "session_soon:e12:s5:r2:d2"

    assert next_channel_key([key]) == "session_soon:e12:s5:r2:d2/2"
    assert next_channel_key([f"{key}/2", key]) == "session_soon:e12:s5:r2:d2/3"
    assert first_channel_key(next_channel_key([key])) == key
    assert without_contact(f"{contact_key(key, 7)}/2", 7) == key
