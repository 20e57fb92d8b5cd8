"""The same statements on engines that are really started: Sail, which speaks Spark's protocol, and Spark itself.

Whole numbers are equal to the bit, probabilities within 1e-12. `make test-engines` runs these.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.engines.engine import Columns, Engine
from clientier.worth.engines.spark import SparkEngine
from clientier.worth.models.purchase_fit import fit
from clientier.worth.state import definition, dense
from clientier.worth.state.scoring import history, score
from clientier.worth.state.store import StateStore
from tests.worth.state.random_books import FIRST_DAY, chosen, cohort_lines, joined, random_lines, rows

pytestmark = pytest.mark.engines
AS_OF = FIRST_DAY + 280


def sail_session() -> Iterator[Any]:
    """A session on a Sail server of our own."""
    server_module = pytest.importorskip("pysail.spark", reason="pysail is not installed")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    server = server_module.SparkConnectServer()
    server.start()
    _, port = server.listening_address
    session = sql.SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    yield session
    session.stop()
    server.stop()


def spark_session() -> Iterator[Any]:
    """A classic Spark session with two threads; results over 1 MB come back only with its host named."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("no Java was found; Spark 4 needs Java 17 (Debian: apt-get install default-jre-headless)")
    os.environ.pop("SPARK_CONNECT_MODE_ENABLED", None)  # left behind by the session on Sail
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # starts sooner
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = sql.SparkSession.builder.master("local[2]").appName("clientier")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module", params=[sail_session, spark_session], ids=["sail", "spark"])
def spark(request: pytest.FixtureRequest) -> Iterator[SparkEngine]:
    for session in request.param():
        yield SparkEngine(session)


def state_and_scores(
    engine: Engine, lines: Columns
) -> tuple[list[tuple[int, ...]], dict[str, np.ndarray], Any]:
    engine.read_columns("all_lines", lines)
    engine.define("all_days", definition.customer_days("all_lines"))
    engine.keep("states", definition.customer_state("all_days"))
    near, _ = history(engine, "states", AS_OF, exact_customers=10)
    counts, _ = history(engine, "states", AS_OF)
    fitted = fit(counts, "mbg")
    score(engine, "scores", fitted.model)
    return rows(engine, "states"), engine.fetch("SELECT * FROM scores ORDER BY customer_key"), (near, counts)


def test_state_and_scores_equal_those_of_duckdb(spark):
    rng = np.random.default_rng(21)
    cohort = cohort_lines(rng, 2_357)
    cohort["customer_key"] += 1_000_000
    lines = joined(random_lines(rng, 8_000, customers=1_500, days=270), cohort)
    states, scores, counts = state_and_scores(EmbeddedEngine(), lines)
    states_there, scores_there, counts_there = state_and_scores(spark, lines)
    assert states_there == states and len(states) > 1_000
    for name in ("x", "t_x", "age", "weight"):
        for there, here in zip(counts_there, counts, strict=True):
            assert np.array_equal(getattr(there, name), getattr(here, name))
    assert np.array_equal(scores_there["customer_key"], scores["customer_key"])
    for name in ("p_alive", "p_active_90", "p_active_365"):
        assert np.abs(scores_there[name] - scores[name]).max() <= 1e-12
        assert scores[name].min() < scores[name].max()
    for name in ("expected_purchases_90", "expected_purchases_365"):
        np.testing.assert_allclose(scores_there[name], scores[name], rtol=1e-12)


def test_days_fold_there_into_the_state_that_duckdb_rebuilds(spark, tmp_path: Path):
    lines = random_lines(np.random.default_rng(22), 4_000, customers=1_500, days=100)
    first = lines["day"] < FIRST_DAY + 98
    first[(lines["day"] < FIRST_DAY + 3) & (lines["customer_key"] % 7 == 0)] = False  # these come late
    state = StateStore(tmp_path / "there", spark)
    spark.read_columns("batch", chosen(lines, first))
    assert state.fold("first", "batch")
    spark.read_columns("all_lines", lines)
    spark.read_columns("batch", chosen(lines, ~first))
    assert state.fold("second", "batch", history="all_lines")
    engine = EmbeddedEngine()
    engine.read_columns("all_lines", chosen(lines, np.argsort(lines["day"], kind="stable")))
    engine.read_columns("rebuilt", dense.rebuilt_columns(engine, "all_lines"))
    here = StateStore(tmp_path / "there", engine)
    here.open("folded")  # what Spark has written, DuckDB reads
    assert rows(engine, "folded") == rows(engine, "rebuilt")
