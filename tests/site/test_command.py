"""The command line: what it offers, and how it says no."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from clientier.site import command
from clientier.site.halt import Halt

REPOSITORY = Path(__file__).resolve().parents[2]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for name in ("run", "stop", "score", *command.DELEGATED):
        assert f"\n    {name} " in said


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["fly"])
    assert ended.value.code == 2
    assert "invalid choice: 'fly'" in capsys.readouterr().err


def test_a_halt_is_a_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def halt(_arguments: object) -> int:
        raise Halt("The disk is full.", exit_code=7)

    monkeypatch.setattr(command, "_stop", halt)
    assert command.main(["stop"]) == 7
    assert capsys.readouterr().err == "The disk is full.\n"
    with pytest.raises(Halt):
        command.main(["stop", "--traceback"])


def test_a_mistyped_port_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLIENTIER_PORT", "eighty")
    assert command.main(["run"]) == 1
    assert capsys.readouterr().err == "CLIENTIER_PORT must be a number from 1 to 65535, not 'eighty'.\n"


@pytest.mark.django_db
def test_an_error_of_a_management_command_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLIENTIER_PASSWORD", "short")
    monkeypatch.setattr(
        "django.db.connections.close_all", lambda: None
    )  # the test's transaction must live on
    assert command.main(["createuser", "anna"]) == 1
    assert capsys.readouterr().err == (
        "clientier createuser: This password is too short. It must contain at least 10 characters. "
        "Nothing was changed.\n"
    )


def test_the_command_line_itself_imports_neither_django_nor_the_database_driver() -> None:
    check = "import sys, clientier.site.command; print({'django', 'psycopg', 'numpy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", check],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(REPOSITORY / "src"), "PATH": ""},
    )
    assert done.stdout == "set()\n"
