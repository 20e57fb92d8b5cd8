"""Proposes which column fills which field: from known exports, headings, and what the columns hold; says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.headings import heading_words, normal_heading
from clientier.kit.imports.mapping import Binding, FieldMapping, Unknown
from clientier.kit.imports.presets import Preset, preset_for
from clientier.kit.imports.survey import Column
from clientier.kit.imports.targets import Field, Kind, Target

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LEAST_CONFIDENCE = 0.5
CONFIDENCE_OF_PRESET = 0.98
CONFIDENCE_OF_SYNONYM = 0.95
CONFIDENCE_OF_SHARED_WORDS = 0.85
CONFIDENCE_OF_PARTS = 0.9
CONFIDENCE_OF_KEYS = 0.75
CONFIDENCE_OF_EXAMPLES = 0.65
CONFIDENCE_OF_THE_ONLY_ONE = 0.55
CONFIDENCE_OF_FURTHER = 0.75
NOT_REACHED = frozenset({"fax", "传真", "傳真"})
SHARE_THAT_MUST_LOOK_ALIKE = 0.8
PARTS_OF_NAMES = (
    (("firstname", "givenname", "forename", "名"), ("lastname", "familyname", "surname", "姓")),
    (("姓",), ("名",)),
)

BASES: Mapping[str, str | _StrPromise] = {
    "preset": _("such exports call it so"),
    "same": _("the heading is the field's name"),
    "synonym": _("the heading is a known word for the field"),
    "similar": _("the heading resembles the field's name"),
    "parts": _("first and last name, put together"),
    "keys": _("its cells are numbers that exist here"),
    "examples": _("its cells look like this"),
    "only": _("the only column of this kind"),
    "further": _("one more of these; it is kept beside the first"),
}

# How well a column of one kind fills a field of another; pairs that are not named hardly fit.
FITS: Mapping[tuple[Kind, Kind], float] = {
    (Kind.INTEGER, Kind.DECIMAL): 1.0,
    (Kind.INTEGER, Kind.YES_NO): 0.8,
    (Kind.INTEGER, Kind.TEXT): 1.0,
    (Kind.DECIMAL, Kind.TEXT): 0.8,
    (Kind.DAY, Kind.TEXT): 0.8,
    (Kind.MOMENT, Kind.TEXT): 0.8,
    (Kind.YES_NO, Kind.TEXT): 0.9,
    (Kind.DAY, Kind.MOMENT): 1.0,
    (Kind.MOMENT, Kind.DAY): 1.0,
    (Kind.DECIMAL, Kind.INTEGER): 0.6,
}
POOR_FIT = 0.3

Knows = Callable[[Field, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column for a field, with a confidence from 0 to 1 and what it rests on (a key of ``BASES``)."""

    field: str
    column: str
    confidence: float
    basis: str


def propose(target: Target, columns: Sequence[Column], knows: Knows | None = None) -> tuple[Proposal, ...]:
    """At most one field for each column, the surest first; a field has several columns only where these are parts.

    ``knows`` tells whether texts are keys of records that exist, for fields that refer to such.
    """
    chosen = list(_of_preset(target, columns, preset_for(target.slug, [c.heading for c in columns])))
    pairs = [
        Proposal(declared.name, column.heading, *_judged(target, declared, column))
        for declared in target.fields
        for column in columns
    ]
    _take(chosen, pairs)
    if "name" in target.by_name and not any(each.field == "name" for each in chosen):
        chosen += _names_of_parts(columns, {each.column for each in chosen})
    _take(chosen, list(_by_examples(target, columns, knows)))
    _take(chosen, list(_only_ones(target, columns, chosen)))
    return (*chosen, *_further(target, columns, chosen))


def proposed_mapping(target: Target, columns: Sequence[Column], knows: Knows | None = None) -> FieldMapping:
    """The mapping that follows the proposals, for a person to look over."""
    fields: dict[str, Binding] = {}
    for proposal in propose(target, columns, knows):
        before = fields.get(proposal.field, Binding())
        fields[proposal.field] = replace(before, columns=(*before.columns, proposal.column))
    for name, bound in fields.items():
        declared = target.by_name[name]
        if declared.lookup and declared.when_unknown == "empty":
            unknown: Unknown = "empty"
            fields[name] = replace(bound, unknown=unknown)
    preset = preset_for(target.slug, [column.heading for column in columns])
    for name, constant in (preset.constants if preset else {}).items():
        if name in target.by_name and name not in fields:
            fields[name] = Binding(constant=constant)
    return FieldMapping(target.slug, fields)


def _take(chosen: list[Proposal], pairs: list[Proposal]) -> None:
    """The surest of the pairs whose field and column are both free."""
    fields = {each.field for each in chosen}
    taken = {each.column for each in chosen}
    for pair in sorted(pairs, key=lambda pair: -pair.confidence):
        if pair.confidence < LEAST_CONFIDENCE:
            break
        if pair.field not in fields and pair.column not in taken:
            chosen.append(pair)
            fields.add(pair.field)
            taken.add(pair.column)


def _of_preset(target: Target, columns: Sequence[Column], preset: Preset | None) -> Iterator[Proposal]:
    """What a known export says of its columns; of several for one field those that hold anything come first."""
    if preset is None:
        return
    by_heading = {normal_heading(column.heading): column for column in reversed(columns)}
    taken: set[str] = set()
    for name in dict.fromkeys((*preset.any_of, *preset.all_of)):
        if name not in target.by_name:
            continue
        there = [
            column
            for heading in preset.any_of.get(name, ())
            if (column := by_heading.get(normal_heading(heading))) and column.heading not in taken
        ]
        if name in target.key:
            there = [column for column in there if column.filled_share == 1]
        there.sort(key=lambda column: not column.filled_share)
        if there and not (target.by_name[name].first_of_several):
            there = there[:1]
        for group in preset.all_of.get(name, ()) if not there else ():
            there = [by_heading[key] for heading in group if (key := normal_heading(heading)) in by_heading]
            if there:
                break
        for column in dict.fromkeys(there):
            taken.add(column.heading)
            yield Proposal(name, column.heading, CONFIDENCE_OF_PRESET, "preset")


def _names_of_parts(columns: Sequence[Column], taken: set[str]) -> list[Proposal]:
    """First and last name, in the order in which the language puts them."""
    free = {normal_heading(column.heading): column.heading for column in columns}
    free = {key: heading for key, heading in free.items() if heading not in taken}
    for order in PARTS_OF_NAMES:
        parts = [next((free[key] for key in keys if key in free), "") for keys in order]
        if all(parts):
            chinese = any(part and part[0] > "\u2e7f" for part in parts)
            ordered = sorted(parts, key=lambda part: "姓" not in part) if chinese else parts
            return [Proposal("name", part, CONFIDENCE_OF_PARTS, "parts") for part in ordered]
    return []


def _by_examples(target: Target, columns: Sequence[Column], knows: Knows | None) -> Iterator[Proposal]:
    """What the cells say where headings do not."""
    for declared in target.fields:
        for column in columns:
            if not column.samples:
                continue
            if knows and (declared.lookup or target.key == (declared.name,)):
                if knows(declared, column.samples):
                    yield Proposal(declared.name, column.heading, CONFIDENCE_OF_KEYS, "keys")
            elif declared.looks_like:
                alike = sum(map(declared.looks_like, column.samples)) / len(column.samples)
                if alike >= SHARE_THAT_MUST_LOOK_ALIKE:
                    confidence = round(CONFIDENCE_OF_EXAMPLES * alike, 3)
                    yield Proposal(declared.name, column.heading, confidence, "examples")


def _further(target: Target, columns: Sequence[Column], chosen: Sequence[Proposal]) -> Iterator[Proposal]:
    """More telephones and addresses, for fields that keep what further columns say beside the first."""
    taken = {each.column for each in chosen}
    filled = {each.field for each in chosen}
    for declared in target.fields:
        if not declared.keeps_further or declared.name not in filled or declared.looks_like is None:
            continue
        named = {word for name in (str(declared.label), *declared.synonyms) for word in heading_words(name)}
        for column in columns:
            spelled = set(heading_words(column.heading))
            if column.heading in taken or not column.samples or not spelled & named or spelled & NOT_REACHED:
                continue
            if sum(map(declared.looks_like, column.samples)) >= SHARE_THAT_MUST_LOOK_ALIKE * len(
                column.samples
            ):
                taken.add(column.heading)
                yield Proposal(declared.name, column.heading, CONFIDENCE_OF_FURTHER, "further")


def _only_ones(target: Target, columns: Sequence[Column], chosen: Sequence[Proposal]) -> Iterator[Proposal]:
    """For a required field that is left, the one column left of its kind: days, amounts, texts that all differ."""
    fields, taken = {each.field for each in chosen}, {each.column for each in chosen}
    left = [column for column in columns if column.heading not in taken and column.filled_share == 1]
    for declared in target.fields:
        if not declared.required or declared.lookup or declared.name in fields or declared.name in target.key:
            continue
        fitting = [
            column
            for column in left
            if column.detection.kind is declared.kind
            and (declared.kind is not Kind.TEXT or column.distinct_share == 1)
        ]
        if len(fitting) == 1:
            yield Proposal(declared.name, fitting[0].heading, CONFIDENCE_OF_THE_ONLY_ONE, "only")


def _judged(target: Target, declared: Field, column: Column) -> tuple[float, str]:
    by_heading, basis = _by_heading(target, declared, column.heading)
    if by_heading < LEAST_CONFIDENCE:
        return 0.0, basis
    confidence = by_heading * _by_values(declared, column)
    if target.key == (declared.name,) and column.filled_share and column.distinct_share < 1:
        confidence *= 0.7
    return round(confidence, 3), basis


def _by_heading(target: Target, declared: Field, heading: str) -> tuple[float, str]:
    spelled = normal_heading(heading)
    if not spelled:
        return 0.0, "similar"
    if spelled in (normal_heading(declared.name), normal_heading(str(declared.label))):
        return 1.0, "same"
    names = [declared.name, str(declared.label), *declared.synonyms]
    if spelled in map(normal_heading, names):
        return CONFIDENCE_OF_SYNONYM, "synonym"
    own_words = set(heading_words(target.slug)) | {word.rstrip("s") for word in heading_words(target.slug)}
    words = set(heading_words(heading))
    shares = [_shared(words, set(heading_words(name)), own_words) for name in names]
    return max(shares) * CONFIDENCE_OF_SHARED_WORDS, "similar"


def _shared(words: set[str], name: set[str], own_words: set[str]) -> float:
    """The share of words in common, the words of the target itself ("CustomerName") counting for little."""
    telling, telling_name = words - own_words, name - own_words
    if not telling or not telling_name:
        return 0.0
    return len(telling & telling_name) / len(telling | telling_name)


def _by_values(declared: Field, column: Column) -> float:
    if not column.filled_share:
        return 0.7
    held = column.detection.kind
    if declared.kind is Kind.CHOICE:
        known = {
            str(word).casefold()
            for choice in declared.choices
            for word in (choice.value, choice.label, *choice.synonyms)
        }
        return 1.0 if {sample.casefold() for sample in column.samples} <= known else POOR_FIT
    return 1.0 if held is declared.kind else FITS.get((held, declared.kind), POOR_FIT)
