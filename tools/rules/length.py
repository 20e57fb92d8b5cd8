"""A module has 300 lines at most, one of tests 800; a function has 40, its docstring not counted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.rules.fault import Fault, is_excused, sources

MODULE_LINES = 300
TEST_MODULE_LINES = 800
FUNCTION_LINES = 40


def faults(root: Path) -> Iterator[Fault]:
    """Every module and function that is too long."""
    for path in sources(root, "src", "tools", "bench", "tests"):
        if "migrations" in path.parts:
            continue
        is_test = path.is_relative_to(root / "tests")
        limit = TEST_MODULE_LINES if is_test else MODULE_LINES
        yield from faults_in(path.read_text(encoding="utf-8"), path.relative_to(root), module_lines=limit)


def faults_in(source: str, path: Path, *, module_lines: int = MODULE_LINES) -> Iterator[Fault]:
    """The faults of one module."""
    lines = source.splitlines()
    if len(lines) > module_lines and not is_excused(lines[0]):
        yield Fault(
            path, 1, f"{len(lines)} lines; a module has {module_lines} at most: make a package of nouns"
        )
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = _lines_without_docstring(node)
            if length > FUNCTION_LINES and not is_excused(lines[node.lineno - 1]):
                yield Fault(
                    path,
                    node.lineno,
                    f"{node.name} has {length} lines; a function has {FUNCTION_LINES} at most",
                )


def _lines_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length
