"""The whole product on a port and a database of its own, with a small sample company, for one test run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from tools.compile_messages import compile_all

REPOSITORY = Path(__file__).resolve().parents[2]
CUSTOMERS = 300
START_SECONDS = 60


class House:
    """Web server and worker as an installation runs them; tests enter by the front door alone."""

    def __init__(self, database_url: str, folder: Path, customers: int = CUSTOMERS) -> None:
        self._server_url = database_url
        self._customers = customers
        self._name = f"house_{uuid4().hex[:12]}"
        self._log = (folder / "house.log").open("wb")
        parts = urlsplit(database_url)
        self._environment = {
            **os.environ,
            "CLIENTIER_DATABASE_URL": urlunsplit(parts._replace(path=f"/{self._name}")),
            "CLIENTIER_HOME": str(folder),
            "CLIENTIER_DEVELOP": "",
            "DJANGO_SETTINGS_MODULE": "clientier.site.settings",
            "PYTHONPATH": str(REPOSITORY / "src"),
        }
        self._programs: list[subprocess.Popen[bytes]] = []
        self.log = folder / "house.log"
        self.url = ""

    def open(self) -> None:
        """Create the database, load the company, serve."""
        compile_all()
        self._in_server(f'CREATE DATABASE "{self._name}"')
        self._manage("migrate", "--verbosity", "0")
        loading = self._start("django", "load_demo", "--size", str(self._customers))
        self._manage("collectstatic", "--no-input", "--verbosity", "0")
        if loading.wait():
            raise RuntimeError(self.log.read_text())
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._start(
            "gunicorn", "clientier.site.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1",
            "--threads", "6", "--worker-class", "gthread", "--log-level", "warning", "--no-control-socket",
        )  # fmt: skip
        self._start("django", "work", "--grace", "1")
        self._wait_until_open()

    def close(self) -> None:
        """Stop what was started and drop the database."""
        for program in self._programs:
            program.terminate()
        for program in self._programs:
            program.wait(timeout=20)
        self._log.close()
        self._in_server(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", module, *arguments]
        program = subprocess.Popen(
            command, env=self._environment, cwd=REPOSITORY, stdout=self._log, stderr=subprocess.STDOUT
        )
        self._programs.append(program)
        return program

    def _manage(self, *arguments: str) -> None:
        if self._start("django", *arguments).wait():
            raise RuntimeError(self.log.read_text())

    def _in_server(self, statement: str) -> None:
        with psycopg.connect(self._server_url, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _wait_until_open(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/health/", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the house did not open:\n{self.log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
