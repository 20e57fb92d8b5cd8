"""Proposes which column fills which field, from headings and from what the columns hold, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.headings import heading_words, normal_heading
from clientier.kit.imports.mapping import Binding, FieldMapping
from clientier.kit.imports.survey import Column
from clientier.kit.imports.targets import Field, Kind, Target

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LEAST_CONFIDENCE = 0.5
CONFIDENCE_OF_SYNONYM = 0.95
CONFIDENCE_OF_SHARED_WORDS = 0.85

BASES: Mapping[str, str | _StrPromise] = {
    "same": _("the heading is the field's name"),
    "synonym": _("the heading is a known word for the field"),
    "similar": _("the heading resembles the field's name"),
}

# How well a column of one kind fills a field of another; pairs that are not named hardly fit.
FITS: Mapping[tuple[Kind, Kind], float] = {
    (Kind.INTEGER, Kind.DECIMAL): 1.0,
    (Kind.INTEGER, Kind.YES_NO): 0.8,
    (Kind.DAY, Kind.MOMENT): 1.0,
    (Kind.MOMENT, Kind.DAY): 1.0,
    (Kind.INTEGER, Kind.DAY): 0.6,
    (Kind.INTEGER, Kind.TEXT): 1.0,
    (Kind.DECIMAL, Kind.TEXT): 0.8,
    (Kind.DAY, Kind.TEXT): 0.7,
    (Kind.MOMENT, Kind.TEXT): 0.7,
    (Kind.YES_NO, Kind.TEXT): 0.8,
    (Kind.DECIMAL, Kind.INTEGER): 0.6,
}
POOR_FIT = 0.3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column for a field, with a confidence from 0 to 1 and what it rests on (a key of ``BASES``)."""

    field: str
    column: str
    confidence: float
    basis: str


def propose(target: Target, columns: Sequence[Column]) -> tuple[Proposal, ...]:
    """At most one column for each field and one field for each column, the surest pairs first."""
    pairs = [
        Proposal(declared.name, column.heading, *_judged(target, declared, column))
        for declared in target.fields
        for column in columns
    ]
    chosen: dict[str, Proposal] = {}
    taken: set[str] = set()
    for pair in sorted(pairs, key=lambda pair: -pair.confidence):
        if pair.confidence < LEAST_CONFIDENCE:
            break
        if pair.field not in chosen and pair.column not in taken:
            chosen[pair.field] = pair
            taken.add(pair.column)
    return tuple(chosen.values())


def proposed_mapping(target: Target, columns: Sequence[Column]) -> FieldMapping:
    """The mapping that follows the proposals, for a person to look over."""
    return FieldMapping(
        target.slug,
        {proposal.field: Binding((proposal.column,)) for proposal in propose(target, columns)},
    )


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
