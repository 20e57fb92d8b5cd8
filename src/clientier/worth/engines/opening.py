"""Engines by the names that a command line gives them: `duckdb`, `sail`, or the address of a Spark server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clientier.worth.engines.embedded import EmbeddedEngine
from clientier.worth.engines.engine import Engine
from clientier.worth.refusals import WorthError

NAMES = ("duckdb", "sail", "sc://HOST:PORT")
ADDRESS = "sc://"
CLIENT = "'pyspark[connect]>=4,<5'"


@contextmanager
def opened(name: str) -> Iterator[Engine]:
    """The engine of that name, closed afterwards: DuckDB in this process, Sail on a server of our own, or the
    Spark Connect server at an address. Raises WorthError where there is none, or what it needs is missing.
    """
    if name == "duckdb":
        embedded = EmbeddedEngine()
        try:
            yield embedded
        finally:
            embedded.connection.close()
    elif name == "sail":
        with _sail() as engine:
            yield engine
    elif name.startswith(ADDRESS) and len(name) > len(ADDRESS):
        with _spark(name, name) as engine:
            yield engine
    else:
        raise WorthError("engine_unknown", value=name, hint=", ".join(NAMES))


@contextmanager
def _sail() -> Iterator[Engine]:
    try:
        from pysail.spark import SparkConnectServer  # an optional dependency
    except ImportError as error:
        raise _not_installed("sail") from error
    server = SparkConnectServer()
    server.start()
    try:
        _, port = server.listening_address
        with _spark(f"{ADDRESS}127.0.0.1:{port}", "sail") as engine:
            yield engine
    finally:
        server.stop()


@contextmanager
def _spark(address: str, name: str) -> Iterator[Engine]:
    try:
        import sqlglot  # noqa: F401 - an optional dependency, missed here rather than in the middle
        from pyspark.sql.connect.session import SparkSession

        from clientier.worth.engines.spark import SparkEngine
    except ImportError as error:
        raise _not_installed(name) from error
    session = _connected(SparkSession, address)
    try:
        yield SparkEngine(session)
    finally:
        session.stop()


def _connected(session_type: Any, address: str) -> Any:
    """A session of our own that has answered once, whose days are those of UTC."""
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client.retries import DefaultPolicy

    try:
        session = session_type.builder.remote(address).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=3)])
        session.conf.set("spark.sql.session.timeZone", "UTC")
    except (PySparkException, ValueError, OSError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise WorthError("engine_unreachable", value=address, hint=reason) from error
    return session


def _not_installed(name: str) -> WorthError:
    packages = f"clientier[worth-engines]{' pysail' if name == 'sail' else ''}"
    return WorthError("engine_not_installed", value=name, hint=f"{packages} {CLIENT}")
