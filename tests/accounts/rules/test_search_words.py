import pytest

from accounts.rules.search_words import Kind, Term, beginnings, read_search, search_words, word_range


def words(**told):
    return search_words(**{"first_name": "", "last_name": "", "code": "", "phone": "", "email": ""} | told)


def test_each_name_is_stored_before_each_other():
    assert words(first_name="Aino-Maija", last_name="Mäki") == {
        "aino maija", "aino maki", "maija aino", "maija maki", "maki aino", "maki maija",
    }  # fmt: skip
    assert words(first_name="Aino") == {"aino"}


def test_a_hostile_name_makes_no_thousand_rows():
    assert len(words(first_name=" ".join("abcdefghijklmnopqrst"), last_name="x" * 80)) == 30
    assert max(len(word) for word in words(first_name="y" * 80, last_name="x" * 80)) == 100


def test_code_phone_and_address_in_each_spelling():
    assert words(code="S-7K3M-Q2") == {"s7k3mq2", "7k3mq2"}
    assert words(code="P-0017") == {"p0017", "0017"}
    assert words(phone="+358401234567") == {"0401234567", "<7654321040"}
    assert words(phone="+46701234567") == {"46701234567", "<76543210764"}
    assert words(first_name="Åke", last_name="Mäki", email="ake.nalle57@example.org") == {
        "ake maki", "maki ake", "@ake.nalle57@example.org", "nalle57",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("  ", []),
        ("%'", []),
        ("Mäki-Ketelä", [(Kind.NAME, "maki"), (Kind.NAME, "ketela")]),
        ("ma MATTI matti", [(Kind.NAME, "matti")]),
        ("J.P. Virtanen", [(Kind.NAME, "j"), (Kind.NAME, "p"), (Kind.NAME, "virtanen")]),
        ("+358 (0)40 559-0936", [(Kind.PHONE, "0405590936")]),
        ("00358 40 5590936 Åke", [(Kind.PHONE, "0405590936"), (Kind.NAME, "ake")]),
        ("+46 70 123", [(Kind.PHONE, "4670123")]),
        ("0936", [(Kind.DIGITS, "0936")]),
        ("S-7K3M", [(Kind.MIXED, "s7k3m")]),
        ("Ake.Maki", [(Kind.PART, "ake.maki")]),
        ("ake@example.org,", [(Kind.EMAIL, "ake@example.org")]),
        ("@example.org", [(Kind.PART, "@example.org")]),
    ],
)
def test_what_was_typed_is_read(text, terms):
    assert read_search(text) == [Term(*term) for term in terms]


def test_a_novel_becomes_a_few_words():
    assert len(read_search(" ".join(f"{letter}sana" for letter in "abcdefghijklmnopqrst"))) == 8


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("040", ["040"]),
        ("0936", ["0936", "<6390"]),
        ("04055", ["04055"]),
        ("0701234567", ["0701234567", "<765432107"]),
        ("5590936", ["5590936", "<6390955"]),
    ],
)
def test_digits_begin_or_end_a_phone(digits, expected):
    assert beginnings(Term(Kind.PHONE, digits)) == expected


def test_a_range_holds_all_that_begin_so():
    first, end = word_range("korho")

    assert [first <= word < end for word in ("korhn~", "korho", "korhonen aino", "korhp")] == [False, True, True, False]
