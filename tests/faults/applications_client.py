"""Some of those who apply on the web at once: `python -m tests.faults.applications_client ADDRESS COHORT GO NUMBER...`.

Each number is a person who fills in all pages over HTTP, as a browser would, and waits before the last button for the file
GO; then all press at once, each from a thread of its own. Prints what each was answered: the status of the last page, or the
error, one line each. Needs nothing of the product but its address.
"""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PRESSED_AT_ONCE = 16


def pages(number: str) -> list[tuple[str, dict[str, str]]]:
    return [
        ("you", {"first_name": "Etu", "last_name": f"Hakija {number}", "birth_year": "1950", "language": "fi"}),
        ("contact", {"channel": "email", "email": f"hakija{number}@example.org"}),
        ("wishes", {"goal": f"Haluan oppia, {number}"}),
    ]


def fill_in(root: str, number: str) -> OpenerDirector:
    """Everything up to the review."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    for step, answers in pages(number):
        post(browser, f"{root}{step}/", answers)
    return browser


def post(browser: OpenerDirector, url: str, answers: dict[str, str]) -> str:
    """Opens the page, fills it in, sends it; the address one ends at."""
    with browser.open(url, timeout=60) as response:
        token = TOKEN.search(response.read().decode())
    assert token, url
    data = urlencode({"csrfmiddlewaretoken": token[1], **answers}).encode()
    with browser.open(url, data, timeout=60) as response:
        return response.geturl()


def run(root: str, go: str, numbers: list[str]) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        browsers = list(pool.map(lambda number: fill_in(root, number), numbers))

    def press(browser: OpenerDirector) -> str:
        try:
            return (
                "ok"
                if post(browser, f"{root}review/", {"consent": "on"}).endswith("/application/sent/")
                else "shown again"
            )
        except Exception as error:  # every kind of failure is a finding of the race
            return f"{type(error).__name__}: {error}"

    print("ready", flush=True)
    while not Path(go).exists():
        time.sleep(0.002)
    with ThreadPoolExecutor(max_workers=PRESSED_AT_ONCE) as pool:
        for line in pool.map(press, browsers):
            print(line, flush=True)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3:])
