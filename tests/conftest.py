"""What every test stands on: a database, and a word about browser tests that cannot run."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.chromium import chromium
from tests.throwaway_server import ThrowawayServer

SERVER = pytest.StashKey[ThrowawayServer]()
CONNECTION = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Another server can be given the tests that ask it, and be spared those that never do."""
    parser.addoption("--database-only", action="store_true", help="leave out tests that ask no database")


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for the whole run, xdist included, unless CLIENTIER_DATABASE_URL names one."""
    if os.environ.get("CLIENTIER_DATABASE_URL") or hasattr(config, "workerinput"):
        return
    config.stash[SERVER] = started = ThrowawayServer()
    os.environ["CLIENTIER_DATABASE_URL"] = started.url
    _point_django_to(started.url)


gc.disable()  # while modules are read, nothing becomes garbage that is worth looking for


def pytest_collection_finish() -> None:
    """Spare the collector what lives as long as the run: modules and tests are looked through no more."""
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that we started; and let the end find what is no longer needed, modules too."""
    gc.unfreeze()
    if SERVER in config.stash:
        del os.environ["CLIENTIER_DATABASE_URL"]
        config.stash[SERVER].stop()


def asks_a_database(item: pytest.Item) -> bool:
    """Whether the test may ask a database: pytest-django refuses it to all others."""
    fixtures = {"db", "transactional_db", "live_server", "django_db_setup"}
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(item.fixturenames)  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was asked to be, and browser tests, in words, where there is no browser."""
    if config.getoption("--database-only"):
        others = [item for item in items if not asks_a_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if asks_a_database(item)]
    if chromium() is None:
        left_out = pytest.mark.skip(reason="no Chromium was found (CLIENTIER_CHROMIUM names one elsewhere)")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(left_out)


@pytest.fixture(autouse=True, scope="session")
def emptying_after_tests_that_commit() -> Iterator[None]:
    """Such tests leave records that only emptying takes away, which audit and ledger refuse in the product."""
    empty = DatabaseOperations.execute_sql_flush
    refusing = "SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'never_emptied'"

    def with_the_audit(self: DatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(refusing)
            kept = [table for (table,) in cursor.fetchall()]
        allow, refuse = (
            [f"ALTER TABLE {t} {way} TRIGGER USER" for t in kept] for way in ("DISABLE", "ENABLE")
        )
        empty(self, [*allow, *statements, *refuse])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", with_the_audit)
        yield


def _point_django_to(url: str) -> None:
    """Tell the settings, which pytest-django has loaded before us."""
    from django.conf import settings

    if settings.configured:
        from clientier.site.settings import database

        found = database(url)
        settings.DATABASES["default"].update({name: found[name] for name in CONNECTION})
