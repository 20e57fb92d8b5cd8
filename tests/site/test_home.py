"""Where the data live, and the key that is kept among them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clientier.site import home


def test_the_environment_chooses_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLIENTIER_HOME", str(tmp_path / "here"))
    assert home.home() == tmp_path / "here"


def test_a_checkout_keeps_its_data_beside_the_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CLIENTIER_HOME", raising=False)
    monkeypatch.setattr(home, "CHECKOUT", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (tmp_path / "pyproject.toml").touch()
    assert home.home() == tmp_path / ".local"


def test_roots_closed_checkout_keeps_them_where_the_server_can_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CLIENTIER_HOME", raising=False)
    monkeypatch.setattr(home, "CHECKOUT", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "pyproject.toml").touch()
    tmp_path.chmod(0o700)
    assert home.home() == Path("/var/lib/clientier")


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLIENTIER_HOME", str(tmp_path / "new"))
    monkeypatch.delenv("CLIENTIER_SECRET_KEY", raising=False)
    key = home.secret_key()
    assert len(key) >= 50
    assert home.secret_key() == key
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_a_given_secret_key_is_used_and_not_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLIENTIER_HOME", str(tmp_path))
    monkeypatch.setenv("CLIENTIER_SECRET_KEY", "given")
    assert home.secret_key() == "given"
    assert list(tmp_path.iterdir()) == []
