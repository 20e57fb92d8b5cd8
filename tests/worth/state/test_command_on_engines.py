"""`clientier score --state` on Sail and on a real Spark Connect server says what an ordinary run says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from clientier.worth.engines.opening import opened
from clientier.worth.state.lines import know_lines
from tests.worth.order_lines import company_lines, differences, run, write_lines
from tests.worth.state.random_books import FIRST_DAY

pytestmark = pytest.mark.engines
NAMED = """'Customer ' || customer_key AS "Customer No.", DATE '1970-01-01' + day AS "Order Date", kind,
    (amount_e4 * 0.0001::DECIMAL(5,4))::DECIMAL(18,4) AS revenue, cost_e4 / 10000.0 AS cost, freight_e4"""
NUMBERED = """customer_key AS customer, (DATE '1970-01-01' + day)::TIMESTAMP + INTERVAL 23 HOUR AS date,
    strftime(DATE '1970-01-01' + day, '%Y%m%d')::INTEGER AS written, day AS whole,
    (amount_e4 // 30000)::INTEGER AS quantity, 1.25 AS unit_price, amount_e4 / 10001.0 AS float,
    (amount_e4 / 10003.0)::DECIMAL(20, 7) AS exact, cost_e4, freight_e4, place AS line_id"""
PARTS = (f"day < {FIRST_DAY + 700}", f"day >= {FIRST_DAY + 900}",
         f"day >= {FIRST_DAY + 700} AND day < {FIRST_DAY + 900}")  # fmt: skip


@pytest.fixture(scope="module")
def sail() -> str:
    pytest.importorskip("pysail.spark", reason="pysail is not installed")
    return "sail"


@pytest.fixture(scope="module")
def spark_connect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Spark Connect server of our own, a JVM with two threads."""
    pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("no Java was found; Spark 4 needs Java 17 (Debian: apt-get install default-jre-headless)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # starts sooner
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",  # nothing here is large enough to be worth compiling
        "spark.ui.enabled": "false",
    }
    home = Path(pyspark.__file__).parent
    command = [home / "bin" / "spark-submit", "--master", "local[2]",
               "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]  # fmt: skip
    command += [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    folder = tmp_path_factory.mktemp("spark")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, "spark-internal"], cwd=folder, stdout=log, stderr=subprocess.STDOUT,
            env=os.environ | {"SPARK_HOME": str(home)},
        )  # fmt: skip
    try:
        _wait_for(port, server, folder / "log")
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    pytest.fail("Spark Connect did not start:\n" + log.read_text()[-2_000:])


@pytest.fixture(params=["sail", "spark_connect"])
def engine(request: pytest.FixtureRequest) -> str:
    """What `--engine` is given."""
    return request.getfixturevalue(request.param)


def test_the_command_says_there_what_an_ordinary_run_says(engine, tmp_path, capsys):
    lines, state = company_lines(5, lines=4_000, customers=700), tmp_path / "state"
    paths = [
        write_lines(tmp_path / f"{place}.parquet", lines, span, NAMED) for place, span in enumerate(PARTS)
    ]
    first, ours, theirs = (tmp_path / f"{name}.parquet" for name in ("first", "ours", "theirs"))
    assert run(*paths[:2], "--state", state, "--engine", engine, "--out", first) == 0
    late = [paths[2], "--state", state, "--engine", engine, "--previous", first, "--out", ours]
    assert run(*late) == 2
    assert "give all lines with --history" in capsys.readouterr().err
    assert run(*late, "--history", tmp_path / "[012].parquet") == 0
    assert run(*paths, "--model", "mbg", "--out", theirs, "--previous", first) == 0
    assert differences(theirs, ours) == {}
    more = write_lines(tmp_path / "more.parquet", lines, f"day > {FIRST_DAY + 1_090}", NAMED)
    assert run(more, "--state", state, "--out", ours) == 0  # what Spark has written, DuckDB folds into
    assert len(duckdb.sql(f"SELECT DISTINCT tier FROM '{ours}'").fetchall()) == 5


def test_columns_of_other_types_are_read_there_as_here(engine, tmp_path):
    lines = company_lines(6, lines=2_000, customers=300)
    half = f"day < {FIRST_DAY + 500}"
    without_cost = NUMBERED.replace("cost_e4", "place")
    paths = [
        write_lines(tmp_path / "first.parquet", lines, half, without_cost),
        write_lines(tmp_path / "second.parquet", lines, f"NOT {half}", NUMBERED),
    ]
    found = []
    for name in ("duckdb", engine):
        with opened(name) as there:
            for chosen in (
                {},
                {"day": "written"},
                {"day": "whole"},
                {"amount": "float"},
                {"amount": "exact"},
            ):
                given = know_lines(there, "lines", paths, chosen, named=None, base_currency="")
                known = there.fetch("SELECT * FROM (SELECT customer_key, day, kind, amount_e4, "
                                    "COALESCE(cost_e4, 0) AS cost_e4, freight_e4 FROM lines) AS lines "
                                    "ORDER BY customer_key, day, kind, amount_e4, cost_e4, freight_e4")  # fmt: skip
                found.append((given, {column: values.tolist() for column, values in known.items()}))
    for here, there in zip(found[:5], found[5:], strict=True):
        assert there[0] == here[0]
        for column in here[1]:
            assert there[1][column] == here[1][column], column
    assert found[0][1]["day"] == found[1][1]["day"] == found[2][1]["day"]
    assert len(set(found[0][1]["cost_e4"])) > 100 and 0 in found[0][1]["cost_e4"]


def test_a_server_that_is_not_there_is_said(tmp_path, capsys):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    path = write_lines(tmp_path / "lines.parquet", company_lines(5, lines=100, customers=9))
    assert run(path, "--state", tmp_path / "state", "--engine", "sc://127.0.0.1:9") == 2
    assert "no Spark answers at sc://127.0.0.1:9" in capsys.readouterr().err
