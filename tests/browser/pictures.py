"""Pictures of every page, and what differs between two sets of them: a rearrangement of the code must leave each pixel as it was.

    python -m tests.browser.pictures take DIR              the demo at a fixed time, at a desk and on a phone, in Finnish
    python -m tests.browser.pictures compare BEFORE AFTER  says what differs; AFTER/diff shows it; ends with 1 if anything does

Each picture has its page's HTML beside it, one tag a line. Pages are found by links and known by their paths, so that names
of views, templates and styles may change.
"""

import argparse
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Error, Page, Playwright, sync_playwright

from tests.browser.compared_pictures import compare
from tests.browser.frozen_site import SITE_URL, frozen_environment
from tests.chromium import chromium_path
from tests.processes import free_port

WIDTHS = {1280: 900, 360: 780}
# In the order of the buttons on the sign-in page.
ACTORS = {
    "": "",
    "coordinator": "Kaisa Esittelijä",
    "trainer": "Timo Esimerkki",
    "learner": "Lempi Esimerkki",
    "mentor": "Mauri Malli",
    "viewer": "Venla Esimerkki",
    "admin": "Arvo Malli",
}
# No link leads there.
ALONE = {
    "": ["/fi/no-such-page/", "/fi/application/", "/fi/stop/no-such-token/", "/fi/offer/no-such-token/"],
    "coordinator": ["/fi/gallery/", "/fi/gallery/calm/"],
}
# Of pages that differ by what stands after the question mark only: tabs, filters, orders.
MOST_QUERIES = 6
ROSTER = Path(__file__).resolve().parents[1] / "data" / "rosters" / "messy-finnish.csv"
NEXT = "main form[data-once] button.btn-primary"
# A frame is a page of its own, which is taken too; whether it is drawn in time here is chance.
SHOT: dict[str, Any] = {"full_page": True, "animations": "disabled", "style": "iframe { visibility: hidden; }"}
START_SECONDS = 120
# A key, a code, a number: pages that differ in it only are of one kind.
VARIABLE = re.compile(r"[^/?&=]*[0-9A-Z%][^/?&=]*")
# What is drawn anew for each answer or made of the contents of a file.
MASKED = [
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*'), r"\1masked"),
    (re.compile(r"(csrf-?token[\"']?\s*[:=]\s*[\"']?|&quot;X-CSRFToken&quot;:\s*&quot;)[\w-]{32,}", re.I), r"\1masked"),
    (re.compile(r'(nonce=")[^"]*'), r"\1masked"),
    (re.compile(r"(/static/[^\"']*?)\.[0-9a-f]{12}(\.\w+)"), r"\1\2"),
    # Signed.
    (re.compile(r"[\w=.-]+:[A-Za-z0-9]{6}:[\w-]{43}"), "signed"),
]


@contextmanager
def demo_site(folder: Path) -> Iterator[int]:
    """The port of a fresh demo that stands still in time."""
    port = free_port()
    with (folder / "site.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.browser.frozen_site", str(port)]
        site = subprocess.Popen(command, env=frozen_environment(folder), stdout=log, stderr=log)
        try:
            wait_for(site, port, folder / "site.log")
            yield port
        finally:
            site.terminate()
            site.wait()


def wait_for(site: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and site.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit(f"The site does not answer.\n{log.read_text()[-3000:]}")


@dataclass
class Album:
    """Pictures of one take. `places`: of each kind of page the first address that was found."""

    folder: Path
    names: Counter[str] = field(default_factory=Counter)
    places: dict[str, str] = field(default_factory=dict)
    queries: Counter[str] = field(default_factory=Counter)

    def take(self, page: Page, name: str) -> None:
        """The page as it stands, in each width."""
        self.names[name] += 1
        if self.names[name] > 1:
            name = f"{name}-{self.names[name]}"
        # Before the width changes: this is what the site has sent.
        (self.folder / f"{name}.html").write_text(normalised(page.content()))
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            # It waits for the letters' shapes by itself.
            page.screenshot(path=self.folder / f"{name}-{width}.png", **SHOT)

    def is_new(self, actor: str, address: str) -> bool:
        """Whether no page of this kind was taken yet. The mentor's pages are the learner's, with more on them."""
        owner = actor if actor == "mentor" and address.startswith("/fi/learner/") else ""
        kind = f"{owner} {kind_of(address)}"
        path, _, query = kind.partition("?")
        if kind in self.places or (query and self.queries[path] >= MOST_QUERIES):
            return False
        self.queries[path] += bool(query)
        self.places[kind] = address
        return True

    def place(self, kind: str) -> str:
        return next(address for known, address in self.places.items() if known.split(" ")[1] == kind)


def kind_of(address: str) -> str:
    return VARIABLE.sub("N", address)


def normalised(html: str) -> str:
    """One tag a line, without what is drawn anew each time: two of them can be compared by `diff`."""
    for pattern, instead in MASKED:
        html = pattern.sub(instead, html)
    html = re.sub(r'class="([^"]*)"', lambda found: f'class="{" ".join(found[1].split())}"', html)
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(<[^>]*>)\s*", r"\n\1\n", html).replace("\n\n", "\n").strip() + "\n"


def name_of(actor: str, address: str) -> str:
    words = re.sub(r"[^a-zN]+", "-", kind_of(address).removeprefix("/fi/")).strip("-")
    return words if actor and words.startswith(actor) else f"{actor or 'anyone'}-{words or 'home'}"


def take(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty.")
    began, album = time.monotonic(), Album(folder)
    with TemporaryDirectory(prefix="pictures-") as var, demo_site(Path(var)) as port, sync_playwright() as playwright:
        print(f"The demo is loaded after {time.monotonic() - began:.0f} s.")
        for actor, name in ACTORS.items():
            with visitor(playwright, port) as page:
                home = sign_in(page, name) if actor else "/fi/"
                walk(album, page, actor, [home, *ALONE.get(actor, [])])
        for actor, journeys in JOURNEYS.items():
            for journey in journeys:
                with visitor(playwright, port) as page:
                    if actor:
                        sign_in(page, ACTORS[actor])
                    journey(album, page)
    pictures = len(WIDTHS) * sum(album.names.values())
    print(f"{sum(album.names.values())} pages, {pictures} pictures in {time.monotonic() - began:.0f} s: {folder}")


@contextmanager
def visitor(playwright: Playwright, port: int) -> Iterator[Page]:
    """A browser that has been nowhere, and meets nothing but the demo."""
    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        "--force-color-profile=srgb",
        f"--host-resolver-rules=MAP localhost:80 127.0.0.1:{port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=switches)
    context = chromium.new_context(
        base_url=SITE_URL, locale="fi-FI", timezone_id="Europe/Helsinki", color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    try:
        yield context.new_page()
    finally:
        chromium.close()


def sign_in(page: Page, name: str) -> str:
    page.goto("/fi/accounts/login/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.wait_for_load_state()
    return path_of(page.url)


def path_of(url: str) -> str:
    return url.removeprefix(SITE_URL).partition("#")[0]


def walk(album: Album, page: Page, actor: str, starts: list[str]) -> None:
    """Takes the first page of each kind that links lead to from `starts`, in the order in which they are found."""
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        if album.is_new(actor, address) and opens(page, address):
            album.take(page, name_of(actor, address))
            waiting += links(page)


def opens(page: Page, address: str) -> bool:
    """False for a file, which the browser saves or shows in a frame of its own."""
    page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return False
        raise
    return answer is not None and answer.headers.get("content-type", "").startswith("text/html")


def links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href], iframe[src]", "all => all.map(one => one.href || one.src)")
    return [path for url in found if url.startswith(SITE_URL) and (path := path_of(url)).startswith("/fi/")]


def press(page: Page, button: str, then: str = "") -> None:
    """Presses what the selector finds; `then` is a part of the next page's address."""
    page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
    with page.expect_navigation(url=re.compile(then)):
        page.locator(button).first.click()


def fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.fill(f'main [name="{name}"]', text)


def choose(page: Page, name: str, value: str = "") -> None:
    """The words beside a small box are what one presses: they cover it."""
    box = f'main input[name="{name}"]' + (f'[value="{value}"]' if value else "")
    page.locator(f'label[for="{page.locator(box).first.get_attribute("id")}"]').first.click()


def apply(album: Album, page: Page) -> None:
    """An application page by page, with a mistake, and what its code opens afterwards."""
    page.goto(album.place("/fi/apply/N/"))
    press(page, NEXT)
    album.take(page, "apply-you-mistaken")
    fill(page, first_name="Aino", last_name="Esimerkki", birth_year="1948")
    press(page, NEXT, "/contact/")
    album.take(page, "apply-contact")
    choose(page, "channel", "call")
    fill(page, phone="09 123 4567")
    press(page, NEXT, "/wishes/")
    album.take(page, "apply-wishes")
    choose(page, "hearing_loop")
    fill(page, goal="Kuvia lapsenlapsille")
    press(page, NEXT, "/review/")
    album.take(page, "apply-review")
    page.goto(album.place("/fi/apply/N/"))
    album.take(page, "apply-begun")
    page.goto(album.place("/fi/apply/N/") + "review/")
    choose(page, "consent")
    choose(page, "support_consent")
    press(page, NEXT, "/sent/")
    album.take(page, "apply-sent")
    for step in ("open", "correct", "withdraw"):
        page.goto(f"/fi/application/{step}/")
        album.take(page, f"application-{step}")
    press(page, NEXT, "/open/")
    album.take(page, "application-withdrawn")
    press(page, 'form[action$="/application/close/"] button', "/application/")
    fill(page, code="H-0000-0000-0000")
    press(page, "main form button.btn-primary")
    album.take(page, "application-wrong-code")


def stop_applying(album: Album, page: Page) -> None:
    page.goto(album.place("/fi/apply/N/"))
    fill(page, first_name="Aino", last_name="Esimerkki", birth_year="1948")
    press(page, NEXT, "/contact/")
    press(page, 'form[action$="/stop/"] button', "/stop/")
    album.take(page, "apply-stopped")


def ask_for_code(album: Album, page: Page) -> None:
    page.goto("/fi/accounts/login/")
    page.fill('main input[name="email"]', "coordinator@demo.example")
    press(page, 'main form:has(input[name="email"]) button', "/confirm/")
    album.take(page, "sign-in-code")
    page.fill('main input[name="code"]', "wrong")
    press(page, 'main form:has(input[name="code"]) button')
    album.take(page, "sign-in-code-wrong")


def mistake_a_person(album: Album, page: Page) -> None:
    page.goto("/fi/coordinator/people/new/")
    press(page, "main form .btn-primary")
    album.take(page, "coordinator-people-new-mistaken")


def look_for_a_person(album: Album, page: Page) -> None:
    page.goto("/fi/coordinator/enroll/")
    page.fill("#id_find", "virtanen")
    page.wait_for_load_state("networkidle")
    album.take(page, "coordinator-enroll-virtanen")


def bring_a_roster(album: Album, page: Page) -> None:
    page.goto("/fi/coordinator/rosters/")
    page.set_input_files('main input[type="file"]', ROSTER)
    press(page, "main form:has(input[type=file]) .btn-primary", r"/rosters/\d+/")
    walk(album, page, "coordinator", [path_of(page.url)])


# What no link leads to; after the walks, since they write.
JOURNEYS = {
    "": [apply, stop_applying, ask_for_code],
    "coordinator": [mistake_a_person, look_for_a_person, bring_a_roster],
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.browser.pictures", description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("take").add_argument("folder", type=Path)
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "take":
        take(arguments.folder)
    else:
        sys.exit(compare(arguments.before, arguments.after))


if __name__ == "__main__":
    main()
