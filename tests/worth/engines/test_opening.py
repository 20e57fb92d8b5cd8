"""An engine is opened by its name, or the name is refused in words that say what to do."""

from __future__ import annotations

import sys

import pytest

from clientier.worth.engines.opening import opened
from clientier.worth.refusals import WorthError
from clientier.worth.report.refusal_words import say_refusal


def test_duckdb_is_here_and_closed_afterwards():
    with opened("duckdb") as engine:
        assert engine.fetch("SELECT 1 AS one")["one"].tolist() == [1]
        engine.define("typed", "SELECT 1::DECIMAL(9,2) AS amount, 'x' AS name, DATE '2026-01-01' AS day")
        assert engine.types("typed") == {"amount": "DECIMAL(9,2)", "name": "VARCHAR", "day": "DATE"}
    with pytest.raises(Exception, match=r"[Cc]losed"):
        engine.fetch("SELECT 1 AS one")


@pytest.mark.parametrize(
    ("name", "packages"),
    [("sail", "clientier[worth-engines] pysail"), ("sc://127.0.0.1:9", "clientier[worth-engines]")],
)
def test_what_is_not_installed_is_named(name, packages, monkeypatch):
    for module in ("pysail.spark", "pyspark.sql.connect.session"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WorthError) as refused, opened(name):
        pass
    assert say_refusal(refused.value, "en") == (
        f"--engine {name} needs packages that are not installed: pip install {packages} 'pyspark[connect]>=4,<5'"
    )


@pytest.mark.parametrize("name", ["spark", "sc://", ""])
def test_unknown_engines_are_refused(name):
    with pytest.raises(WorthError) as refused, opened(name):
        pass
    assert say_refusal(refused.value, "en") == (f"--engine takes duckdb, sail, sc://HOST:PORT, not {name!r}")
    assert say_refusal(refused.value, "zh").startswith("--engine 可用 duckdb")
