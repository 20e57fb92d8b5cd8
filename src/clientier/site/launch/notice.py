"""The notice on the door: which processes run on a data folder, so that none is ever left or run twice."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from clientier.site.halt import Halt, in_words

PATIENCE_SECONDS = 8.0


@dataclass
class Notice:
    """Who runs here. `groups` maps the leader of each process group to the moment at which it began."""

    main_pid: int
    keeper_pid: int
    address: str
    groups: dict[int, float] = field(default_factory=dict)


class Door:
    """The run lock of one data folder and the notice beside it."""

    def __init__(self, home: Path) -> None:
        self._path = home / "running.json"
        self._lock_path = home / "running.lock"
        self._lock = -1

    def close(self, notice: Notice) -> None:
        """Take the lock for as long as this process lives; refuse, in words, when another run has it."""
        try:
            self._lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Halt(_in_use(self._path.parent, self.read())) from None
        except OSError as error:
            raise in_words(error, folder=self._path.parent) from error
        self.clear_leftovers()
        self.write(notice)

    def is_closed(self) -> bool:
        """Whether some run holds the lock."""
        try:
            probe = os.open(self._lock_path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(probe)
        return False

    def read(self) -> Notice | None:
        """The notice, or nothing."""
        try:
            facts = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        facts["groups"] = {int(pid): began for pid, began in facts["groups"].items()}
        return Notice(**facts)

    def write(self, notice: Notice) -> None:
        """Replace the notice, whole."""
        draft = self._path.with_suffix(".draft")
        try:
            draft.write_text(json.dumps(asdict(notice)), encoding="utf-8")
            draft.replace(self._path)
        except OSError as error:
            raise in_words(error, folder=self._path.parent) from error

    def open(self) -> None:
        """Take the notice down; the lock falls with the process."""
        self._path.unlink(missing_ok=True)

    def clear_leftovers(self) -> None:
        """End what a killed run left behind, and nothing else."""
        notice = self.read()
        if notice is not None:
            end_groups({pid for pid, began in notice.groups.items() if _is_same(pid, began)})
        self.open()


def end_groups(leaders: set[int], *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Ask each process group to end, by its leader; kill what has not gone in time."""
    for leader in leaders:
        _signal(os.kill, leader, signal.SIGTERM)
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline and any(_is_alive(leader) for leader in leaders):
        time.sleep(0.05)
    for leader in leaders:  # the rest of a group whose leader went first, and whoever did not listen
        _signal(os.killpg, leader, signal.SIGKILL)


def _signal(send: object, pid: int, sign: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        send(pid, sign)  # type: ignore[operator]


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_same(pid: int, began: float) -> bool:
    """Whether the number still means the process we started; a dead leader's group may still have members."""
    try:
        return abs(psutil.Process(pid).create_time() - began) < 1
    except psutil.NoSuchProcess:
        return True


def _in_use(home: Path, notice: Notice | None) -> str:
    who = f"process {notice.main_pid}, at {notice.address}" if notice else "another process"
    return (
        f"Clientier already runs on the data in {home} ({who}). Use that one, end it with `clientier stop`, "
        "or give the second one its own folder with CLIENTIER_HOME and its own port with CLIENTIER_PORT."
    )
