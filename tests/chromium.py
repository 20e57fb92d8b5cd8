"""Where the browser of the browser tests is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ON_MACOS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
)


def chromium() -> str | None:
    """The path of Chromium: CLIENTIER_CHROMIUM, else the installed one, else nothing."""
    chosen = os.environ.get("CLIENTIER_CHROMIUM")
    if chosen:
        return chosen
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((str(path) for path in ON_MACOS if path.exists()), None)


if __name__ == "__main__":
    print(chromium() or "")
