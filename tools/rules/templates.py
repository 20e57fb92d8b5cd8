"""A strict Content-Security-Policy needs templates without inline script, style or handlers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.rules.fault import Fault, sources

INLINE = (
    (re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE | re.DOTALL), "style= is blocked: use a class"),
    (re.compile(r"<style\b", re.IGNORECASE), "<style> is blocked: use a stylesheet"),
    (
        re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE | re.DOTALL),
        "on…= handlers are blocked: hang the behaviour on a data- attribute",
    ),
    (re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE), "javascript: is blocked"),
)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
DATA = re.compile(r"type\s*=\s*[\"']application/(?:ld\+)?json[\"']", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def faults(root: Path) -> Iterator[Fault]:
    """Every inline script, style and handler in the templates."""
    for path in sources(root, "src/clientier", suffix=".html"):
        yield from faults_in(path.read_text(encoding="utf-8"), path.relative_to(root))


def faults_in(source: str, path: Path) -> Iterator[Fault]:
    """The faults of one template."""
    text = TAG.sub(_blank, COMMENT.sub(_blank, source))
    for pattern, message in INLINE:
        for found in pattern.finditer(text):
            yield Fault(path, text.count("\n", 0, found.end()) + 1, message)
    for found in SCRIPT.finditer(text):
        if found[2].strip() and not DATA.search(found[1]):
            yield Fault(path, text.count("\n", 0, found.start()) + 1, "inline script is blocked: use a file")


def _blank(found: re.Match[str]) -> str:
    """As many lines, without the words: a `>` in a tag must not end an element."""
    return "\n" * found[0].count("\n")
