"""Every page, wide and narrow, light and dark, in English and Chinese: nothing broken, nothing too wide."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.places import LOOKED_AT_BY, places
from tests.e2e.visitor import DESK, PHONE, Visitor

PICTURES = os.environ.get("CLIENTIER_SCREENSHOTS")
LANGUAGES = ("en", "zh-hans")
THEMES = ("light", "dark")
UNFINISHED = "[hx-trigger=load]:empty, [data-chart-canvas]:empty"
SIZES = {"desk": DESK, "phone": PHONE}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_stands(visitors: Callable[..., Visitor], size: str, theme: str, language: str) -> None:
    visitor = visitors(SIZES[size]).sign_in(LOOKED_AT_BY, language, theme)
    faults = []
    for name, path in places(visitor).items():
        page = visitor.goto(path)
        expect(page.locator(UNFINISHED)).to_have_count(0)
        if page.locator("html").get_attribute("lang") != language:
            faults.append(f"{name}: not in {language}")
        if page.locator("html").get_attribute("data-theme") != theme:
            faults.append(f"{name}: not {theme}")
        if visitor.overflow() > 0:
            faults.append(f"{name}: {visitor.overflow()} px too wide")
        faults += [f"{name}: {finding}" for finding in visitor.findings()]
        if PICTURES:
            keep(visitor, f"{name}-{size}-{theme}-{language}")
    assert faults == []


def keep(visitor: Visitor, name: str) -> None:
    """A picture of the whole page for people to look at."""
    folder = Path(str(PICTURES))
    folder.mkdir(parents=True, exist_ok=True)
    visitor.page.screenshot(path=folder / f"{name}.png", full_page=True)
