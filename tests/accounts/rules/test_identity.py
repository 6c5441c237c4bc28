import pytest

from accounts.rules.identity import holds_identity_code


@pytest.mark.parametrize(
    "text",
    ["010148-123A", "Hetu 010148-9992.", "311299+123x", "010105A123B", "010105Y123B", "010148–123A", "(131052-308T)"],
)
def test_an_identity_code_is_seen(text):
    assert holds_identity_code(text)


@pytest.mark.parametrize(
    "text",
    ["", "12.3.1948", "040-1184065", "320148-123A", "011348-123A", "1010148-123A", "010148-123AB", "AIM-2027K-01"],
)
def test_other_numbers_are_none(text):
    assert not holds_identity_code(text)
