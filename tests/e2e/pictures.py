"""The pictures of the README, taken anew: `make pictures`; CLIENTIER_DATABASE_URL names the server to build on."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.e2e.house import REPOSITORY, House
from tests.e2e.places import first
from tests.e2e.visitor import DESK, Visitor

PICTURES = REPOSITORY / "docs" / "pictures"
CUSTOMERS = 1500


def take(url: str) -> None:
    """The pyramid and a card, in English and by daylight, as wide as a desk."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        visitor = Visitor(browser, url, {}, size=DESK).sign_in("hannah.lindqvist")
        places = {
            "pyramid": "/value/pyramid/",
            "card": first(visitor, "/customers/?f=standing__tier:in:important&f=country:is:DE"),
        }
        for name, path in places.items():
            page = visitor.goto(path)
            expect(page.locator("main .card").first).to_be_visible()
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def main() -> None:
    server = os.environ.get("CLIENTIER_DATABASE_URL")
    if not server or not chromium():
        sys.exit("CLIENTIER_DATABASE_URL must name a PostgreSQL server, and a Chromium must be installed.")
    with tempfile.TemporaryDirectory() as folder:
        house = House(server, Path(folder), CUSTOMERS)
        try:
            house.open()
            take(house.url)
        finally:
            house.close()


if __name__ == "__main__":
    main()
