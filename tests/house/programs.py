"""Runs the project's programs as an operator does: in a process of their own, with an environment of their own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEMO": "0",
    "SECRET_KEY": "for-the-deploy-check-only: W5fJr8mTq2Xz7LhVb4NcKd9PsGy3AeRu6",
    "SITE_URL": "https://mentors.example.org",
    "ALLOWED_HOSTS": "mentors.example.org",
}


def run_python(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Nothing of this machine's environment reaches the program but the search path and `environment`."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull} | environment,
        capture_output=True,
        text=True,
    )
