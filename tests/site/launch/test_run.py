"""`clientier run` with a small site in place of the product: real processes, real kills."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from clientier.site.embedded import server
from clientier.site.launch.notice import Door
from tests.site.places import open_folder

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 40
Answer = TypeVar("Answer")


class SmallRun:
    """One run of the small site, and every process that belongs to it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port, self.mark = home, port, f"mark-{uuid.uuid4()}"
        environment = {
            **os.environ,
            "CLIENTIER_TEST_MARK": self.mark,
            "PYTHONPATH": f"{REPOSITORY}/src:{REPOSITORY}",
        }
        environment.pop("CLIENTIER_DATABASE_URL", None)
        self.main = subprocess.Popen(
            [sys.executable, "-m", "tests.site.launch.small_run", str(home), str(port)],
            cwd=REPOSITORY,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def page(self) -> str:
        """The page, as soon as the site answers."""
        return eventually(self._try_page, "the site never answered")

    def is_ready(self) -> None:
        """Return once the start is complete, its last step included."""
        self.page()
        eventually(lambda: len(self.groups()) == 2, "the start never came to its end")

    def groups(self) -> list[int]:
        """The leaders of the services, in the order in which they were started."""
        notice = Door(self.home).read()
        return list(notice.groups) if notice else []

    def processes(self) -> list[psutil.Process]:
        """Every living process that carries our mark or works in our folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def ends(self) -> str:
        """What it had to say, once it has ended and nothing of it is left."""
        said, _ = self.main.communicate(timeout=PATIENCE_SECONDS)
        self.leaves_nothing()
        return said

    def leaves_nothing(self) -> None:
        """Fail unless every process of ours goes away."""
        eventually(lambda: not self.processes(), lambda: f"left behind: {self.processes()}")

    def _try_page(self) -> str | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                return False
            return self.mark in process.environ().values() or str(self.home) in process.cmdline()
        except psutil.Error:
            return False


@pytest.fixture
def port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def starting(port: int, *, with_data: bool) -> Iterator[Callable[..., SmallRun]]:
    """Start runs on one folder; whatever a failed test leaves is killed."""
    runs: list[SmallRun] = []

    def start_one(**other: int) -> SmallRun:
        runs.append(SmallRun(home, other.get("port", port)))
        return runs[-1]

    with open_folder(with_data=with_data) as home:
        yield start_one
        for one in runs:
            for process in one.processes():
                with suppress(psutil.NoSuchProcess):
                    process.kill()


@pytest.fixture
def start(port: int) -> Iterator[Callable[..., SmallRun]]:
    """Starts with a database that is made already."""
    with starting(port, with_data=True) as start_one:
        yield start_one


@pytest.fixture
def start_from_nothing(port: int) -> Iterator[Callable[..., SmallRun]]:
    """Starts of which the first makes the database."""
    with starting(port, with_data=False) as start_one:
        yield start_one


def test_starts_serves_and_says_where(start_from_nothing: Callable[..., SmallRun]) -> None:
    run = start_from_nothing()
    run.is_ready()
    run.main.send_signal(signal.SIGINT)
    said = run.ends()
    assert f"Clientier is at http://127.0.0.1:{run.port}" in said
    assert "sign in     anna" in said
    assert run.main.returncode == 0


def test_ctrl_c_ends_everything_within_seconds(start: Callable[..., SmallRun]) -> None:
    run = start()
    run.is_ready()
    began = time.monotonic()
    run.main.send_signal(signal.SIGINT)
    run.ends()
    assert time.monotonic() - began < 10
    assert server.status(run.home) is None


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_ends_it_like_ctrl_c(start: Callable[..., SmallRun], sign: signal.Signals) -> None:
    run = start()
    run.is_ready()
    run.main.send_signal(sign)
    run.ends()
    assert run.main.returncode == 0


def test_a_killed_main_process_leaves_no_orphan_and_no_damage(start: Callable[..., SmallRun]) -> None:
    first = start()
    first.is_ready()
    first.main.kill()
    first.leaves_nothing()

    second = start()
    assert second.page() == "2"


def test_a_kill_in_the_middle_of_the_start_leaves_no_orphan(
    start_from_nothing: Callable[..., SmallRun],
) -> None:
    first = start_from_nothing()
    eventually(lambda: (first.home / "postgres.making").exists(), "initdb never began")
    first.main.kill()
    first.leaves_nothing()

    second = start_from_nothing()
    assert second.page() == "1"


def test_a_killed_keeper_takes_everything_with_it(start: Callable[..., SmallRun]) -> None:
    run = start()
    run.is_ready()
    notice = Door(run.home).read()
    assert notice is not None
    os.kill(notice.keeper_pid, signal.SIGKILL)
    said = run.ends()
    assert "The keeper process was killed" in said
    assert run.main.returncode == 1


def test_what_main_and_keeper_left_when_both_were_killed_ends_at_the_next_start(
    start: Callable[..., SmallRun],
) -> None:
    first = start()
    first.is_ready()
    notice = Door(first.home).read()
    assert notice is not None
    os.kill(first.main.pid, signal.SIGSTOP)  # so that it cannot clean up before its own end
    os.kill(notice.keeper_pid, signal.SIGKILL)
    first.main.kill()

    second = start()  # the first one's web server may still answer for a moment
    eventually(lambda: second.page() == "2", "the second start never served")
    second.main.send_signal(signal.SIGINT)
    second.ends()
    first.leaves_nothing()


@pytest.mark.parametrize("which", [0, 1])
def test_a_killed_service_is_started_again(start: Callable[..., SmallRun], which: int) -> None:
    run = start()
    run.is_ready()
    victim = run.groups()[which]
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: victim not in run.groups() and len(run.groups()) == 2, "it was not started again")
    assert run.page() == "1"
    run.main.send_signal(signal.SIGINT)
    assert "ended unexpectedly" in run.ends()


def test_a_killed_database_server_comes_back_with_its_data(start: Callable[..., SmallRun]) -> None:
    run = start()
    run.is_ready()
    killed = server.status(run.home)
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    eventually(lambda: _is_another(server.status(run.home), killed.pid), "the server did not come back")
    assert run.page() == "1"
    run.main.send_signal(signal.SIGINT)
    run.ends()


def test_a_second_run_on_the_same_data_is_refused_with_the_number_of_the_first(
    start: Callable[..., SmallRun], port: int
) -> None:
    first = start()
    first.is_ready()
    second = start(port=port + 1)
    said, _ = second.main.communicate(timeout=PATIENCE_SECONDS)
    assert f"process {first.main.pid}, at http://127.0.0.1:{port}" in said
    assert second.main.returncode == 1
    assert first.page() == "1"


def test_a_taken_port_is_said_in_words(start: Callable[..., SmallRun], port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = start()
        said = run.ends()
    assert f"Port {port} on 127.0.0.1 is taken" in said
    assert f"PORT={port + 1}" in said
    assert "Traceback" not in said
    assert run.main.returncode == 1


def eventually(ask: Callable[[], Answer | None], complaint: str | Callable[[], str]) -> Answer:
    """The first answer that is true; fail with the complaint when none comes in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(complaint if isinstance(complaint, str) else complaint())


def _is_another(found: object, pid: int) -> bool:
    return found is not None and getattr(found, "pid", pid) != pid and bool(getattr(found, "ready", False))
