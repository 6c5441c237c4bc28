from tests.house.topics import BEGIN, DOCUMENT, END, below, drawing, mermaid, needed, topic_of, with_drawing


def test_the_drawing_is_current():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert with_drawing(text, drawing()) == text, "`make topics` draws it anew"


def test_an_arrow_that_a_longer_path_tells_of_is_left_out():
    uses = {"teaching": {"enrolling", "scheduling"}, "enrolling": {"scheduling"}}

    assert needed(uses) == {"teaching": {"enrolling"}, "enrolling": {"scheduling"}}


def test_no_topic_is_lost_with_the_arrows():
    uses = {"urls": {"registry", "dates"}, "registry": {"enrolling"}, "enrolling": {"dates", "paper"}}

    assert below(needed(uses), "urls") == below(uses, "urls") == {"registry", "enrolling", "dates", "paper"}


def test_a_module_belongs_to_its_folder():
    modules = ["courses.enrolling.rules.offers", "courses.urls", "accounts.models.people", "courses.models", "courses"]

    assert [topic_of(module) for module in modules] == ["enrolling", "urls", "accounts", "", ""]


def test_only_what_stands_between_the_markers_is_replaced():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert with_drawing(text, mermaid({"b": {"a"}})) == (
        f"before\n{BEGIN}\n```mermaid\ngraph TD\n    b --> a\n```\n{END}\nafter\n"
    )
