"""Knows an export of another system by its headings, and says which of its columns fills which field.

The headings are in ``known_exports.txt``, one export a paragraph: where it is from and what its rows are; lines
"known by" with headings that are all there (one such line is enough); then for each field the columns that fill
it. After ":" any of them, the first that is filled; after "+" all of them, put together; after "=" one value
for all rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from clientier.kit.imports.headings import normal_heading
from clientier.kit.imports.targets import words

KNOWN_BY = "known by "
KNOWN_EXPORTS = Path(__file__).with_name("known_exports.txt")


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of export: where it is from, what its rows are, how it is known, which column is what.

    ``any_of`` lists by field the columns that can fill it, the best first, ``all_of`` those that belong
    together (first and last name); ``constants`` are the same for all rows.
    """

    origin: str
    target: str
    signs: tuple[frozenset[str], ...]
    any_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    all_of: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def sureness(self, headings: frozenset[str]) -> int:
        """How many headings speak for it; 0 when none of its signs is there as a whole."""
        return max((len(sign) for sign in self.signs if sign <= headings), default=0)


def preset_for(target: str, headings: Sequence[str]) -> Preset | None:
    """The preset of this target that fits best, if any does."""
    return best_preset([target], headings)


def best_preset(targets: Iterable[str], headings: Sequence[str]) -> Preset | None:
    """The preset that fits best among those of the targets, in their order where several fit alike."""
    known = frozenset(map(normal_heading, headings))
    presets = [preset for target in targets for preset in _presets() if preset.target == target]
    best = max(presets, key=lambda preset: preset.sureness(known), default=None)
    return best if best and best.sureness(known) else None


@cache
def _presets() -> tuple[Preset, ...]:
    paragraphs = KNOWN_EXPORTS.read_text(encoding="utf-8").strip().split("\n\n")
    return tuple(_read(paragraph) for paragraph in paragraphs)


def _read(paragraph: str) -> Preset:
    title, *lines = paragraph.splitlines()
    origin, target = title.split(" / ")
    signs = [line.removeprefix(KNOWN_BY) for line in lines if line.startswith(KNOWN_BY)]
    any_of: dict[str, tuple[str, ...]] = {}
    all_of: dict[str, tuple[tuple[str, ...], ...]] = {}
    constants: dict[str, str] = {}
    for line in lines[len(signs) :]:
        name, mark, rest = _parted(line)
        if mark == "+":
            all_of[name] = (*all_of.get(name, ()), words(rest))
        elif mark == "=":
            constants[name] = rest
        else:
            any_of[name] = words(rest)
    known_by = tuple(frozenset(map(normal_heading, words(sign))) for sign in signs)
    return Preset(origin, target, known_by, any_of, all_of, constants)


def _parted(line: str) -> tuple[str, str, str]:
    """Field, mark and the rest: "name + First, Last", "kind = person", "city: City, Town"."""
    name, rest = line.split(" ", 1)
    return (name[:-1], ":", rest) if name.endswith(":") else (name, rest[0], rest[2:])
