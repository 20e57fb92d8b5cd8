"""What a rule reports, and how a line is excused from a rule: by a reason, written on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

EXCUSE = "# house: "


@dataclass(frozen=True)
class Fault:
    """One place that breaks a rule of the house."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


Rule = Callable[[Path], Iterator[Fault]]


def is_excused(line: str) -> bool:
    """Whether the line carries a reason, such as `# house: measured; a second query is dearer`."""
    _, found, reason = line.partition(EXCUSE)
    return bool(found and len(reason.split()) >= 3)


def sources(root: Path, *folders: str, suffix: str = ".py") -> Iterator[Path]:
    """Every source file below the folders, in order."""
    for folder in folders:
        yield from sorted((root / folder).rglob(f"*{suffix}"))
