"""`clientier stop`: end the run on this data folder from another terminal."""

from __future__ import annotations

import os
import signal
import time

from clientier.site.embedded import lease, server
from clientier.site.halt import Halt
from clientier.site.home import home
from clientier.site.launch.notice import Door

PATIENCE_SECONDS = 60


def stop() -> int:
    """Ask the running one to end and wait until it has; without one, end what a killed one left."""
    folder = home()
    door = Door(folder)
    if not door.is_closed():
        return _tidy(door)
    notice = door.read()
    if notice is None:
        raise Halt(f"Something holds {folder}, but it has not said who it is yet. Try again in a moment.")
    try:
        os.kill(notice.keeper_pid, signal.SIGTERM)
    except PermissionError:
        raise Halt(f"Process {notice.main_pid} belongs to another account; stop it from there.") from None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while door.is_closed():
        if time.monotonic() > deadline:
            raise Halt(f"Process {notice.keeper_pid} did not end within {PATIENCE_SECONDS} seconds.")
        time.sleep(0.1)
    print("Clientier has stopped.")
    return 0


def _tidy(door: Door) -> int:
    folder = home()
    left = door.read() is not None or server.status(folder) is not None
    door.clear_leftovers()
    if folder.exists():
        lease.stop_if_unused(folder)
    print("Nothing was running; what a killed run had left is gone now." if left else "Nothing is running.")
    return 0
