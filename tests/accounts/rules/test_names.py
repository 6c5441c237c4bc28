import pytest

from accounts.rules.names import clean_name, fold, sort_key


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Mäki-Ketelä", "maki ketela"),
        ("Åke Örjan", "ake orjan"),
        ("O'Brien", "o brien"),
        ("Łukasz Żak", "lukasz zak"),
        ("Æ Ø ß", "ae o ss"),
        ("  VIRTANEN   Matti ", "virtanen matti"),
        ("Иван Петров", "иван петров"),
        ("anna@example.org", "anna@example.org"),
    ],
)
def test_fold(name, folded):
    assert fold(name) == folded


def test_clean_name_drops_what_cannot_be_seen():
    assert clean_name(" Matti\u202e \t Virta\u200bnen\r\n") == "Matti Virtanen"


def test_a_list_ends_with_the_letters_after_z():
    names = ["Öhman", "Äijälä", "Åberg", "Zetterberg", "Aalto", "Ahonen"]

    assert sorted(names, key=lambda name: sort_key(name, "")) == [
        "Aalto",
        "Ahonen",
        "Zetterberg",
        "Åberg",
        "Äijälä",
        "Öhman",
    ]
