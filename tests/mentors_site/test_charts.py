import re

from django.utils import translation

from mentors_site.templatetags import charts


def widths(svg: str, kind: str) -> list[int]:
    return [int(width) for width in re.findall(rf'<rect class="{kind}"[^>]* width="(\d+)"', svg)]


def test_horizontal_bars_have_one_scale_from_zero():
    full, half, none = widths(charts.horizontal_bars("Funnel", [("a", 40), ("b", 20), ("c", 0)]), "c-bar")

    assert (abs(full - 2 * half) <= 1, none) == (True, 0)


def test_a_funnel_on_a_phone_is_drawn_whole_and_shows_what_was_lost():
    counts = [14, 14, 12, 10, 10]
    bars = [(f"Sai todistuksen {place}", count, None, str(count)) for place, count in enumerate(counts)]

    svg = charts.horizontal_bars("Funnel", bars, "narrow")

    ends = [int(x) + int(width) for x, width in re.findall(r'<rect class="c-bar" x="(\d+)"[^>]* width="(\d+)"', svg)]
    drawn = widths(svg, "c-bar")
    assert 'width="320"' in svg
    assert max(ends) < 320 - 2 * charts.LETTER
    assert (drawn[0], drawn[3]) == (drawn[1], drawn[4])
    assert drawn[1] > drawn[2] > drawn[3]


def test_a_curve_on_a_phone_keeps_room_for_what_stands_at_its_end():
    svg = charts.curve("Stayed", [("1", 100, "100 %"), ("2", 50, "50 %")], names=("this group", ""), width=320)

    assert 'width="320"' in svg
    assert re.findall(r'<text x="210"[^>]*>(.*?)</text>|<text class="t-b" x="210"[^>]*>(.*?)</text>', svg) == [
        ("", "50 %"),
        ("this group", ""),
    ]


def test_rest_is_drawn_only_where_something_was_lost():
    svg = charts.horizontal_bars("Funnel", [("a", 40), ("b", 20, 40), ("c", 20, 20)])

    assert len(widths(svg, "c-rest")) == 1


def test_length_of_a_hidden_bar_tells_nothing():
    alone = widths(charts.horizontal_bars("Why", [("a", 9), ("b", None)]), "c-hid")
    among_others = widths(charts.horizontal_bars("Why", [("a", 9), ("b", None), ("c", None)]), "c-hid")

    assert among_others == alone * 2


def test_hidden_bar_is_hidden_in_the_description_too():
    svg = charts.horizontal_bars("Why", [("Time", 9), ("Health", None)])

    assert re.search(r"<desc[^>]*>(.*)</desc>", svg).group(1) == "Time 9; Health &lt;5"


def test_labels_are_escaped():
    assert "<b>" not in charts.horizontal_bars("<b>", [("<b>", 1)])


def test_numbers_are_not_localized():
    with translation.override("fi"):
        svg = charts.vertical_bars("Sessions", [(f"{day}.9.", day, 3001) for day in range(1, 8)])

    assert re.findall(r' (?:x|y|width|height)="([^"]*[^\d"][^"]*)"', svg) == []


def test_empty_charts_are_drawn():
    drawn = [
        charts.horizontal_bars("Nothing", []),
        charts.vertical_bars("Nothing", []),
        charts.curve("Nothing", []),
        charts.learner_map("Nothing", [], []),
    ]

    assert [svg.startswith("<svg") and svg.endswith("</svg>") for svg in drawn] == [True] * 4


def test_each_state_of_the_map_has_its_own_shape():
    states = ["passed", "made_up", "failed", "missing", "left", ""]

    assert len({charts.map_mark(state, 0, 0) for state in states}) == len(states)


def test_seats_show_taken_offered_and_free():
    with translation.override("en"):
        svg = charts.seats(taken=2, offered=1, capacity=5)

    assert (svg.count("c-rest"), svg.count("c-ink"), "2 taken, 1 offered, 2 free" in svg) == (5, 3, True)


def test_hundred_takes_nobody_on_a_course_for_a_mentor():
    with translation.override("en"):
        svg = charts.hundred(certified=68, on_course=40, target=100)

    assert "68 mentors, 32 still missing. 40 people are on a course and not mentors yet." in svg


def test_hundred_shows_more_than_the_target_when_it_is_passed():
    assert charts.hundred(certified=104, on_course=3, target=100).count("c-bar") == 104
