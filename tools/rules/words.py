"""Both Chinese catalogues are complete, and every translation keeps the placeholders of its original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib

from tools.rules.fault import Fault

LOCALE = Path("src/clientier/locale")
LANGUAGES = ("zh_Hans", "zh_Hant")
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +.\d]*[a-zA-Z]|%%|\{\w*\}")


def faults(root: Path) -> Iterator[Fault]:
    """Everything that a catalogue still lacks."""
    if not (root / LOCALE).exists():
        return
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        if (root / path).exists():
            yield from faults_in((root / path).read_text(encoding="utf-8"), path)
        else:
            yield Fault(path, 1, "this catalogue does not exist: make messages")


def faults_in(source: str, path: Path) -> Iterator[Fault]:
    """The faults of one catalogue."""
    for entry in polib.pofile(source):
        if entry.obsolete:
            continue
        translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        original = entry.msgid_plural or entry.msgid
        if entry.fuzzy:
            yield Fault(path, entry.linenum, f"fuzzy: {entry.msgid!r}")
        for translation in translations:
            if not translation.strip():
                yield Fault(path, entry.linenum, f"not translated: {entry.msgid!r}")
            elif _placeholders(translation) != _placeholders(original):
                yield Fault(path, entry.linenum, f"placeholders differ: {entry.msgid!r} and {translation!r}")


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))
