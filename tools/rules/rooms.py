"""In every room the same file names, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.rules.fault import Fault

NOUNS = (
    "choices",
    "models",
    "queries",
    "commands",
    "events",
    "resources",
    "web",
    "api",
    "jobs",
    "urls",
    "charts",
    "apps",
)
FOLDERS = ("migrations", "templates")


def faults(root: Path) -> Iterator[Fault]:
    """Every file or folder in a room that has a name of its own."""
    for room in sorted((root / "src" / "clientier" / "rooms").iterdir()):
        if room.is_dir() and room.name != "__pycache__":
            yield from _faults_in_room(room, root)


def _faults_in_room(room: Path, root: Path) -> Iterator[Fault]:
    for path in sorted(room.iterdir()):
        place = path.relative_to(root)
        if path.name in ("__init__.py", "__pycache__"):
            continue
        if path.is_dir() and path.name in FOLDERS:
            if path.name == "templates" and {child.name for child in path.iterdir()} != {room.name}:
                yield Fault(place, 1, f"templates of this room lie in templates/{room.name}/")
        elif (path.stem if path.suffix == ".py" else path.name) not in NOUNS:
            yield Fault(place, 1, f"a room holds only {', '.join(NOUNS)}, templates and migrations")
