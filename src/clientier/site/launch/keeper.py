"""The keeper: one small process that owns the database server, the web server and the worker.

It reads the plan from its standard input and then watches that pipe. When the pipe closes, because the main
process ended or was killed, it stops everything in order: web and worker first, the database last.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from clientier.site.embedded import lease, server
from clientier.site.halt import Halt, in_words
from clientier.site.launch.notice import Door, Notice, end_groups
from clientier.site.launch.plan import Plan, Service

ANSWER_SECONDS = 90
RESTARTS = 5
RESTARTS_WITHIN_SECONDS = 60


class Stop(Exception):
    """The main process is gone, or asks us to end."""


class Keeper:
    """Carries one plan out, from the first line on the terminal to the last process gone."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.home = Path(plan.home)
        self.door = Door(self.home)
        self.notice = Notice(main_pid=plan.main_pid, keeper_pid=os.getpid(), address=plan.address)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = dict(os.environ)
        self.restarts: list[float] = []

    def run(self) -> None:
        """Hold the data folder, run everything, and leave nothing behind whatever happens."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise in_words(error, folder=self.home) from error
        self.door.close(self.notice)
        try:
            _refuse_taken_port(self.plan)
            with contextlib.ExitStack() as stack:
                self._find_database(stack)
                try:
                    self._serve()
                finally:
                    self._end_services()
        finally:
            self.door.open()

    def _find_database(self, stack: contextlib.ExitStack) -> None:
        began = time.monotonic()
        url = self.plan.database_url
        if url is None:
            say("database", "starting the embedded PostgreSQL")
            url = stack.enter_context(lease.database(self.home))
            say("database", f"ready in {self.home / 'postgres'} ({_seconds_since(began)})")
        else:
            say("database", "using the one in CLIENTIER_DATABASE_URL")
        self.environment["CLIENTIER_DATABASE_URL"] = url

    def _serve(self) -> None:
        for command in self.plan.prepare:
            self._run_to_the_end(command)
        for service in self.plan.services:
            self._begin(service)
        self._wait_for_answer()
        self._announce()
        while True:
            self._wait(0.3)
            self._revive()

    def _wait(self, seconds: float) -> None:
        """Let time pass; end at once when the main process is gone."""
        if select.select([0], [], [], seconds)[0] and not os.read(0, 4096):
            raise Stop

    def _run_to_the_end(self, command: list[str]) -> None:
        step = self._begin(Service("step", command))
        while step.poll() is None:
            self._wait(0.05)
        self._forget("step")
        if step.returncode != 0:
            raise Halt("The start ended here; the lines above say why. Nothing else was started.")

    def _begin(self, service: Service) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 — the plan comes from our own main process
            service.command, stdin=subprocess.DEVNULL, env=self.environment, start_new_session=True
        )
        self.running[service.name] = process
        self.notice.groups[process.pid] = psutil.Process(process.pid).create_time()
        self.door.write(self.notice)
        return process

    def _forget(self, name: str) -> None:
        self.notice.groups.pop(self.running.pop(name).pid)
        self.door.write(self.notice)

    def _wait_for_answer(self) -> None:
        say("web server", "starting")
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            if _answers(self.plan.address):
                return
            self._wait(0.1)
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise Halt(f"The {name} ended before the first page; the lines above say why.")
        raise Halt(f"No page came from {self.plan.address} within {ANSWER_SECONDS} seconds.")

    def _announce(self) -> None:
        say("ready", f"Clientier is at {self.plan.address}")
        if self.plan.announce:
            self._run_to_the_end(self.plan.announce)
        say("", "Stop it with Ctrl-C.")

    def _revive(self) -> None:
        """Start again whatever was killed; when the database was, so are those whose connections it held."""
        if self.plan.database_url is None and server.status(self.home) is None:
            self._count_restart("database")
            self._end_services()
            server.start(self.home)
        for service in self.plan.services:
            process = self.running.get(service.name)
            if process is None or process.poll() is not None:
                if process is not None:
                    self._count_restart(service.name)
                    end_groups({process.pid})  # its own children must not hold the port
                    self._forget(service.name)
                self._begin(service)

    def _count_restart(self, name: str) -> None:
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < RESTARTS_WITHIN_SECONDS] + [now]
        if len(self.restarts) > RESTARTS:
            raise Halt(f"The {name} ended {RESTARTS} times within a minute; the lines above say why.")
        say(name, "ended unexpectedly; starting it again")

    def _end_services(self) -> None:
        for process in self.running.values():
            process.poll()  # reap, so that one that has gone does not look alive
        end_groups({process.pid for process in self.running.values()})
        for name in list(self.running):
            self.running[name].wait()
            self._forget(name)


def say(subject: str, words: str) -> None:
    """One line of progress; a terminal that has gone is no reason to stop cleaning up."""
    with contextlib.suppress(OSError, ValueError):
        print(f"  {subject:<11} {words}", flush=True)


def _answers(address: str) -> bool:
    request = urllib.request.Request(address, headers={"User-Agent": "clientier-keeper"})  # noqa: S310 — always http
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(request, timeout=5).close()
    except urllib.error.HTTPError:
        return True  # a page that says no is a page
    except (OSError, ValueError):
        return False
    return True


def _refuse_taken_port(plan: Plan) -> None:
    family = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((plan.host, plan.port))
        except PermissionError:
            raise Halt(
                f"Port {plan.port} is reserved for root. Choose one above 1023 with --port or CLIENTIER_PORT."
            ) from None
        except OSError as error:
            raise Halt(
                f"Port {plan.port} on {plan.host} is taken by another program ({error.strerror}). "
                f"Choose another: `make run PORT={plan.port + 1}`, CLIENTIER_PORT or `clientier run --port`."
            ) from None


def _seconds_since(moment: float) -> str:
    return f"{time.monotonic() - moment:.1f} s"


def _read_plan() -> Plan:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 65536)
        if not piece:
            sys.exit(0)
        line += piece
    return Plan.from_json(line)


def _end_on_signal(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not cut the cleaning up short
    raise Stop


def main() -> int:
    """Carry out the plan on standard input; 0 after a clean end, 1 after one in words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_on_signal)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        Keeper(_read_plan()).run()
    except Stop:
        say("", "stopped")
    except Halt as halt:
        print(f"\n{halt}", file=sys.stderr, flush=True)
        return halt.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
