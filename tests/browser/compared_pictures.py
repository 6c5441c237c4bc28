"""What differs between two folders of pictures, in pixels and in the HTML beside them."""

from pathlib import Path

from PIL import Image, ImageChops

PAPER = (255, 255, 255)


def compare(before: Path, after: Path) -> int:
    """Prints a line for each picture; 1 when any picture or page differs or is missing on one side, else 0."""
    differing = 0
    names = sorted({path.name for folder in (before, after) for path in folder.glob("*.png")})
    for name in names:
        words = difference(before / name, after / name, after / "diff" / name)
        if html := html_difference(before / name, after / name):
            words = f"{words or 'same pixels'}; {html}"
        print(f"{name}: {words or 'same'}")
        differing += bool(words)
    print(f"{len(names)} pictures, {differing} differ." + (f" See {after / 'diff'}" if differing else ""))
    return 1 if differing or not names else 0


def difference(before: Path, after: Path, shown: Path) -> str:
    """In words, or nothing; what differs is drawn into `shown`: before, after, and the changed pixels."""
    for path, side in ((before, "before"), (after, "after")):
        if not path.exists():
            return f"missing in {side}"
    if before.read_bytes() == after.read_bytes():
        return ""
    one, other = Image.open(before).convert("RGB"), Image.open(after).convert("RGB")
    sizes = "" if one.size == other.size else f", {one.width}x{one.height} became {other.width}x{other.height}"
    one, other = on_paper(one, other), on_paper(other, one)
    changed = changed_pixels(one, other)
    box = changed.getbbox()
    if box is None and not sizes:
        return ""
    draw(one, other, changed, shown)
    return f"{changed.histogram()[255]} pixels differ in {box}{sizes}"


def on_paper(picture: Image.Image, beside: Image.Image) -> Image.Image:
    """The picture on a sheet on which the other one has room too."""
    sheet = Image.new("RGB", (max(picture.width, beside.width), max(picture.height, beside.height)), PAPER)
    sheet.paste(picture)
    return sheet


def changed_pixels(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where any of the three colours differs, black elsewhere."""
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([0] + [255] * 255)


def draw(one: Image.Image, other: Image.Image, changed: Image.Image, shown: Path) -> None:
    shown.parent.mkdir(exist_ok=True)
    sheet = Image.new("RGB", (one.width * 3, one.height), PAPER)
    for place, picture in enumerate((one, other, ImageChops.invert(changed))):
        sheet.paste(picture, (place * one.width, 0))
    sheet.save(shown)


def html_difference(before: Path, after: Path) -> str:
    """The HTML is the same for all widths."""
    pages = [path.with_name(f"{path.stem.rpartition('-')[0]}.html") for path in (before, after)]
    if not all(page.exists() for page in pages):
        return ""
    return "" if pages[0].read_text() == pages[1].read_text() else f"HTML differs: diff {pages[0]} {pages[1]}"
