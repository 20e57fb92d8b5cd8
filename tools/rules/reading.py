"""Records are reached through queries and commands: `.objects` and `._base_manager` stand nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.rules.fault import Fault, is_excused, sources

MANAGERS = ("objects", "_base_manager", "_default_manager")
# A module or a package of that name; the last two lay down the first records of a new installation.
WHERE_ALLOWED = ("queries", "commands", "migrations", "defaults", "demo")
WHOLE_LAYERS = ("core", "kit")


def faults(root: Path) -> Iterator[Fault]:
    """Every use of a manager outside the places that may read and write."""
    package = root / "src" / "clientier"
    for path in sources(root, "src/clientier"):
        if not may_use_managers(path.relative_to(package)):
            yield from faults_in(path.read_text(encoding="utf-8"), path.relative_to(root))


def may_use_managers(path: Path) -> bool:
    """Whether the module, named from the package on, is one of those that may."""
    return path.parts[0] in WHOLE_LAYERS or any(part in WHERE_ALLOWED for part in (*path.parts, path.stem))


def faults_in(source: str, path: Path) -> Iterator[Fault]:
    """The faults of one module."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in MANAGERS
            and isinstance(node.ctx, ast.Load)
            and not is_excused(lines[node.lineno - 1])
        ):
            yield Fault(path, node.lineno, f".{node.attr} belongs in queries, commands and core: ask a query")
