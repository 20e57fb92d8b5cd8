"""Tasks and subscribers that leave marks in a file, so that tests see what workers did."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from clientier.core import events, jobs
from clientier.core.errors import Conflict


def _mark(path: str, word: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{word}\n")


def marks(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@jobs.task(name="probe.mark")
def mark(path: str, word: str) -> None:
    _mark(path, word)


@jobs.task(name="probe.linger")
def linger(path: str, seconds: float) -> None:
    """The first run lingers; a later one finds that it was begun and finishes."""
    begun = marks(Path(path))
    _mark(path, "begin")
    if not begun:
        time.sleep(seconds)
    _mark(path, "end")


@jobs.task(name="probe.watched")
def watched(run_id: str, outcome: str) -> None:
    with jobs.Watched(run_id) as work:
        work.progress(3, 7)
        if outcome == "refuse":
            raise Conflict("Somebody was faster.")
        if outcome == "break":
            raise ZeroDivisionError
        work.result(created=3)


@events.subscribe("probe.happened")
def hear(facts: dict[str, Any]) -> None:
    _mark(facts["path"], f"heard-{facts['word']}")


@events.subscribe("probe.happened")
def stumble(facts: dict[str, Any]) -> None:
    """Fails the first time."""
    known = marks(Path(facts["path"]))
    _mark(facts["path"], "stumbled")
    if "stumbled" not in known:
        raise ZeroDivisionError
