"""What runs in a data folder right now: the truth about postmaster.pid."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from clientier.site.halt import Halt

ORPHANS_SECONDS = 10


@dataclass(frozen=True)
class Postmaster:
    """A server that lives: its process, where it listens, and whether it answers yet."""

    pid: int
    port: int
    socket_folder: Path
    ready: bool


def running(data_folder: Path) -> Postmaster | None:
    """The live server of this folder, or nothing. A file left by a killed one counts as nothing."""
    try:
        lines = (data_folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not is_server_of(int(lines[0]), data_folder):
        return None
    if len(lines) < 8:  # it is still writing the file
        return Postmaster(pid=int(lines[0]), port=0, socket_folder=data_folder, ready=False)
    return Postmaster(
        pid=int(lines[0]), port=int(lines[3]), socket_folder=Path(lines[4]), ready=lines[7].strip() == "ready"
    )


def is_server_of(pid: int, data_folder: Path) -> bool:
    """Whether `pid` is a living PostgreSQL at work in `data_folder`, and not a zombie or a reused number."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return False
        try:
            return Path(process.cwd()).samefile(data_folder)
        except psutil.AccessDenied:  # root in a container may not look into another account's process
            return _is_ours_by_name(process, data_folder)
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        return False


def clear_stale(data_folder: Path, *, socket_folder: Path) -> None:
    """Remove the lock files of a killed server, once none of its processes is left that could still write.

    PostgreSQL would refuse them whenever their number is in use again, be it by a zombie.
    """
    deadline = time.monotonic() + ORPHANS_SECONDS
    while True:
        left = [process.pid for process in psutil.process_iter() if is_server_of(process.pid, data_folder)]
        if not left:
            for path in (data_folder / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
                path.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise Halt(
                f"Processes of an earlier PostgreSQL still work in {data_folder}: {left}. "
                "They end by themselves when their query is done; wait, or end them with kill."
            )
        time.sleep(0.1)


def _is_ours_by_name(process: psutil.Process, data_folder: Path) -> bool:
    """Judge by the command line: the server's names the folder; its children are known by their parent."""
    if process.uids().real != data_folder.stat().st_uid:
        return False
    parent = process.parent()
    for candidate in (process, parent):
        if candidate is not None and "-D" in candidate.cmdline():
            return str(data_folder) in candidate.cmdline()
    return parent is None or not parent.name().startswith("postgres")
