"""Share the embedded server among commands: whoever comes first starts it, the last to leave stops it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clientier.site.embedded import server
from clientier.site.halt import in_words


@contextmanager
def database(home: Path) -> Iterator[str]:
    """The URL of the database in `home`, good for as long as the block lasts.

    The operating system drops our share when we die, so that a killed command never keeps the server
    for ever: the next one that leaves finds itself alone and stops it.
    """
    share = _open(home / "postgres.users")
    try:
        with _gate(home):
            fcntl.flock(share, fcntl.LOCK_SH)
            url = server.start(home)
        yield url
    finally:
        with _gate(home):
            if _is_last(share):
                server.stop(home)
        os.close(share)


def stop_if_unused(home: Path) -> None:
    """Stop a server that nobody uses any more, as after its keeper was killed."""
    share = _open(home / "postgres.users")
    try:
        with _gate(home):
            if _is_last(share):
                server.stop(home)
    finally:
        os.close(share)


@contextmanager
def _gate(home: Path) -> Iterator[None]:
    """One at a time comes or goes."""
    gate = _open(home / "postgres.gate")
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _is_last(share: int) -> bool:
    try:
        fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise in_words(error, folder=path.parent) from error
