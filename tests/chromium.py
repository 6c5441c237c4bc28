"""Where Chromium is. As a command: installs it with apt when root and missing, and says what happens without it."""

import os
import shutil
import subprocess

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def chromium_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_chromium() -> None:
    quiet = {"stdout": subprocess.DEVNULL, "check": False}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)
    subprocess.run(["apt-get", "install", "-qq", "-y", "chromium"], **quiet)


if __name__ == "__main__":
    if not chromium_path() and os.geteuid() == 0 and shutil.which("apt-get"):
        install_chromium()
    if not chromium_path():
        print("Chromium is not on this machine: the browser tests are skipped, and listed by name.")
