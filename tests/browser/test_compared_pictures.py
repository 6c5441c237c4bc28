"""Two folders of pictures are the same, or it is said where they differ."""

import pytest
from PIL import Image

from tests.browser.compared_pictures import compare
from tests.browser.pictures import normalised

WHITE, ALMOST_WHITE = (255, 255, 255), (255, 255, 254)


@pytest.fixture
def folders(tmp_path):
    """The same page twice."""
    made = [tmp_path / "before", tmp_path / "after"]
    for folder in made:
        folder.mkdir()
        Image.new("RGB", (20, 10), WHITE).save(folder / "home-360.png")
        (folder / "home.html").write_text("<p>\n")
    return made


def test_same_pictures(folders, capsys):
    assert compare(*folders) == 0
    assert capsys.readouterr().out == "home-360.png: same\n1 pictures, 0 differ.\n"


def test_one_pixel_of_almost_the_same_colour(folders, capsys):
    picture = Image.new("RGB", (20, 10), WHITE)
    picture.putpixel((7, 3), ALMOST_WHITE)
    picture.save(folders[1] / "home-360.png")

    assert compare(*folders) == 1
    assert capsys.readouterr().out.splitlines()[0] == "home-360.png: 1 pixels differ in (7, 3, 8, 4)"
    with Image.open(folders[1] / "diff" / "home-360.png") as shown:
        assert shown.size == (60, 10)


def test_a_longer_page(folders, capsys):
    Image.new("RGB", (20, 12), WHITE).save(folders[1] / "home-360.png")

    assert compare(*folders) == 1
    assert "20x10 became 20x12" in capsys.readouterr().out


def test_other_html_with_the_same_pixels(folders, capsys):
    (folders[1] / "home.html").write_text("<b>\n")

    assert compare(*folders) == 1
    assert "home-360.png: same pixels; HTML differs" in capsys.readouterr().out


def test_a_lost_page(folders, capsys):
    (folders[1] / "home-360.png").unlink()

    assert compare(*folders) == 1
    assert "home-360.png: missing in after" in capsys.readouterr().out


def test_no_pictures_at_all(tmp_path):
    assert compare(tmp_path, tmp_path) == 1


def test_what_is_drawn_anew_is_masked():
    first, second = (
        f'<input name="csrfmiddlewaretoken" value="{token}">\n\n<b  class="a  b">x</b><link href="/static/a.{hashed}.css">'
        for token, hashed in (("abc", "0123456789ab"), ("def", "ba9876543210"))
    )

    assert normalised(first) == normalised(second)
