"""Linking the checkout into an environment."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from tools import link_project


def test_the_source_is_on_the_path_and_the_program_can_be_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    program = link_project.link()
    assert (tmp_path / "clientier.pth").read_text() == f"{link_project.CHECKOUT / 'src'}\n"
    assert program == tmp_path / "clientier"
    assert program.stat().st_mode & 0o111 == 0o111
