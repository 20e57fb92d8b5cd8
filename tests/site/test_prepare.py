"""What a start does to the database, and what it says."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from clientier.site.management.commands import announce, prepare

pytestmark = pytest.mark.django_db


def said(name: str, **options: object) -> str:
    output = io.StringIO()
    call_command(name, stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A home of our own, and the names of the commands that were called from `prepare`."""
    calls: list[str] = []
    monkeypatch.setenv("CLIENTIER_HOME", str(tmp_path))
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: calls.append(name))
    monkeypatch.setattr(prepare, "get_commands", lambda: {"load_demo": "somewhere"})
    return calls


def test_tables_that_are_up_to_date_are_left_alone(loaded: list[str]) -> None:
    assert said("prepare") == "  tables      up to date\n"
    assert loaded == []


def test_demo_data_are_not_loaded_into_a_database_in_use(loaded: list[str]) -> None:
    said("prepare", demo=True)
    assert loaded == []


def test_demo_data_are_loaded_into_a_new_database_once(
    loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "_is_new", lambda: True)
    assert "demo data" in said("prepare", demo=True)
    monkeypatch.setattr(prepare, "_is_new", lambda: False)
    said("prepare", demo=True)
    assert loaded == ["load_demo"]


def test_a_load_that_was_cut_short_is_done_at_the_next_start(
    loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(name: str, **_options: object) -> None:
        raise KeyboardInterrupt(name)

    with monkeypatch.context() as first:
        first.setattr(prepare, "_is_new", lambda: True)
        first.setattr(prepare, "call_command", die)
        with pytest.raises(KeyboardInterrupt):
            said("prepare", demo=True)
    said("prepare", demo=True)
    assert loaded == ["load_demo"]


def test_without_demo_accounts_the_way_to_the_first_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce, "get_commands", dict)
    assert "clientier createuser" in said("announce")


def test_demo_accounts_are_shown_one_a_line_with_their_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    def accounts(_name: str, *, stdout: io.StringIO) -> None:
        stdout.write("anna secret-1 sales manager\nbo secret-2 viewer\n")

    monkeypatch.setattr(announce, "get_commands", lambda: {"list_demo_accounts": "somewhere"})
    monkeypatch.setattr(announce, "call_command", accounts)
    assert said("announce") == (
        "  sign in     anna         secret-1       sales manager\n"
        "              bo           secret-2       viewer\n"
    )
