"""The house, one browser for all, and a visitor for each test who must not meet any trouble."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.e2e.house import House
from tests.e2e.visitor import DESK, PHONE, Sessions, Visitor

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(os.environ["CLIENTIER_DATABASE_URL"], tmp_path_factory.mktemp("house"))
    try:
        house.open()
        yield house
    finally:
        house.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sessions() -> Sessions:
    """The cookies of those who have signed in already."""
    return {}


@pytest.fixture
def visitors(house: House, browser: Browser, sessions: Sessions) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; in the end none of them may have met trouble."""
    made: list[Visitor] = []

    def make(size: tuple[int, int] = DESK) -> Visitor:
        made.append(Visitor(browser, house.url, sessions, size=size))
        return made[-1]

    yield make
    troubles = [trouble for visitor in made for trouble in visitor.troubles]
    for visitor in made:
        visitor.leave()
    assert troubles == []


@pytest.fixture
def visitor(visitors: Callable[..., Visitor]) -> Visitor:
    """Somebody at a desk who has not signed in."""
    return visitors()


@pytest.fixture
def manager(visitor: Visitor) -> Visitor:
    """A sales manager who sees all customers, in English."""
    return visitor.sign_in("hannah.lindqvist")


@pytest.fixture
def rep(visitor: Visitor) -> Visitor:
    """A sales representative who sees her own customers only, in English."""
    return visitor.sign_in("camille.morel")


@pytest.fixture
def phone(visitors: Callable[..., Visitor]) -> Visitor:
    """The sales manager between two visits."""
    return visitors(PHONE).sign_in("hannah.lindqvist")
