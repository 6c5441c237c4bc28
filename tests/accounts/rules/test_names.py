import pytest

from accounts.rules.names import clean_name, fold, person_keys, sort_key


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


def test_person_keys_hold_code_and_phone_in_each_spelling():
    keys = person_keys(
        first_name="Åke", last_name="Mäki", code="S-7K3M-Q2", phone="+358401234567", email="Ake@Example.org"
    )

    assert keys["name_key"] == "maki ake"
    assert keys["search_text"] == "maki ake ake maki s 7k3m q2 s7k3mq2 +358401234567 0401234567 ake@example.org"
