"""A real headless browser, for the tests of pages; tests skip where there is none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome-headless-shell")
WITHIN_S = 90


def find_browser():
    """Path of a Chromium; $EXOACTOR_BROWSER goes first."""
    named = os.environ.get("EXOACTOR_BROWSER", "")
    found = named or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        pytest.skip(f"no browser: none of {', '.join(NAMES)}, and EXOACTOR_BROWSER is not set")
    return found


def _open(page: Path, folder: Path, *options):
    command = [find_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += [f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", "--v=0"]
    command += ["--virtual-time-budget=3000", *options, page.resolve().as_uri()]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=WITHIN_S, check=True, cwd=folder
    )


def dom_of(page: Path, folder: Path):
    """(the page's document once its scripts have run, what they complained about)."""
    done = _open(page, folder, "--dump-dom")
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def screenshot_of(page: Path, folder: Path, size=(1200, 1600)):
    """Path of a picture of the page."""
    target = folder / "page.png"
    _open(page, folder, f"--screenshot={target}", f"--window-size={size[0]},{size[1]}")
    return target
