"""The embedded PostgreSQL: start it or attach to it, ask after it, stop it."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from clientier.site.embedded import cluster, postmaster
from clientier.site.embedded.account import Account, account_for, server_programs
from clientier.site.halt import Halt, in_words

DATABASE = "clientier"
LONGEST_SOCKET_FOLDER = 85  # macOS allows 103 bytes for the whole path of a socket
START_SECONDS = 60  # after a crash the server first replays what it had promised
STOP_SECONDS = 30
LOG_BYTES = 10_000_000

_children: dict[int, subprocess.Popen[bytes]] = {}


def start(home: Path, *, settings: Mapping[str, str] | None = None) -> str:
    """Return the URL of the database in `home` with its server up: started, or attached to if it ran already.

    Raises Halt, in words, for a full disk, a closed folder, or data of another major version.
    """
    data_folder = home / "postgres"
    cluster.check(data_folder)
    account = account_for(data_folder)
    try:
        home.mkdir(parents=True, exist_ok=True)
        programs = server_programs(account, shelf=home)
        if not data_folder.exists():
            cluster.make(data_folder, account=account, programs=programs)
        sockets = _socket_folder(data_folder, account)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            log_start = _log_size(home)
            if postmaster.running(data_folder) is None:
                postmaster.clear_stale(data_folder, socket_folder=sockets)
                given = {"unix_socket_directories": str(sockets), **(settings or {})}
                _launch(data_folder, account=account, programs=programs, settings=given)
            server = _wait_until_ready(data_folder, log_start=log_start, deadline=deadline)
            if server is not None and _has_database(url := _url(server)):
                return url
            time.sleep(0.2)  # it was on its way out just as we came in
    except OSError as error:
        raise in_words(error, folder=home) from error
    raise Halt(
        f"The embedded PostgreSQL did not answer within {START_SECONDS} seconds. Its log is {_log(home)}."
    )


def status(home: Path) -> postmaster.Postmaster | None:
    """The live server of `home`, or nothing."""
    return postmaster.running(home / "postgres")


def stop(home: Path) -> None:
    """Stop the server of `home` cleanly; return when its process is gone. Without one, do nothing."""
    server = status(home)
    if server is None:
        return
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, and the last resort
        try:
            os.kill(server.pid, sign)
        except ProcessLookupError:
            break
        if _wait_until_gone(server.pid, home / "postgres", STOP_SECONDS):
            break
    if server.socket_folder != home / "postgres":
        shutil.rmtree(server.socket_folder, ignore_errors=True)


def _launch(data_folder: Path, *, account: Account, programs: Path, settings: Mapping[str, str]) -> None:
    chosen = {"listen_addresses": "", "timezone": "UTC", **settings}
    command = [str(programs / "postgres"), "-D", str(data_folder)]
    for name, value in chosen.items():
        command += ["-c", f"{name}={value}"]
    with _log(data_folder.parent).open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 — our own program and words
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us; we stop the server after those who use it
            env={**os.environ, "LC_ALL": "C"},
            **account.as_popen_arguments(),
        )
    _children[child.pid] = child


def _wait_until_ready(data_folder: Path, *, log_start: int, deadline: float) -> postmaster.Postmaster | None:
    """The server once it answers; nothing when one we attached to has gone, or time is up."""
    ours = set(_children)
    while time.monotonic() < deadline:
        server = postmaster.running(data_folder)
        if server is not None and server.ready:
            return server
        if server is None and not any(_children[pid].poll() is None for pid in ours):
            said = _log(data_folder.parent).read_bytes()[log_start:].decode("utf-8", "replace")
            if "FATAL" in said or "PANIC" in said:
                raise cluster.from_log(said, folder=data_folder.parent)
            return None
        time.sleep(0.05)
    return None


def _log(home: Path) -> Path:
    return home / "postgres.log"


def _log_size(home: Path) -> int:
    """How much the log holds before we start; one that has grown too long is set aside first."""
    log = _log(home)
    if log.exists() and log.stat().st_size > LOG_BYTES and status(home) is None:
        log.replace(log.with_suffix(".log.1"))
    return log.stat().st_size if log.exists() else 0


def _wait_until_gone(pid: int, data_folder: Path, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        child = _children.get(pid)
        if child is not None and child.poll() is not None:
            del _children[pid]
            return True
        if not postmaster.is_server_of(pid, data_folder):
            return True
        time.sleep(0.03)
    return False


def _socket_folder(data_folder: Path, account: Account) -> Path:
    """The data folder; where its path is too long for a socket, a closed folder among the temporary ones."""
    if len(os.fsencode(data_folder)) <= LONGEST_SOCKET_FOLDER:
        return data_folder
    name = hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"clientier-{name}"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    if folder.stat().st_uid != account.uid or folder.stat().st_mode & 0o077:
        raise Halt(
            f"{folder} belongs to somebody else. Choose a shorter CLIENTIER_HOME than {data_folder.parent}."
        )
    return folder


def _url(server: postmaster.Postmaster) -> str:
    return f"postgresql://{cluster.SUPERUSER}@/{DATABASE}?host={quote(str(server.socket_folder), safe='')}"


def _has_database(url: str) -> bool:
    """Make sure that our database exists; False when the server is not there to be asked."""
    try:
        with psycopg.connect(url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.errors.DuplicateDatabase:
        return True  # somebody else who started at the same moment made it
    except psycopg.OperationalError:
        return False
    return True
