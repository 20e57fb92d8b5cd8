"""Duplicates as JSON: what is like a record, deciding, merging, taking apart. Lists and single ones are the kit's."""

from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from clientier.core import access
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.duplicates.commands import merging, searching, unmerging
from clientier.rooms.duplicates.queries.kinds import CONTACTS, KINDS, PAIRED, PERSONS, Mergeable, Paired
from clientier.rooms.duplicates.queries.listing import pairs_of
from clientier.rooms.duplicates.queries.nearest import alike


class AlikeOut(Schema):
    """A record that may be the same: ``nearness`` is 1 for the same name alone, more with more that agrees."""

    id: int
    name: str
    nearness: float
    reasons: list[str]
    probability: float | None
    pair: int | None


class Reason(Written):
    reason: str = ""


class Merging(Written):
    """``others`` become part of the record; ``chosen`` names by field the record whose value stands."""

    others: list[int]
    chosen: dict[str, int] = {}
    reason: str = ""


class MergeDone(Schema):
    id: int
    survivor: int
    merged: list[int]
    moved: dict[str, int]


class MergeUndone(Schema):
    id: int
    restored: list[int]
    left_as_is: list[str]


class PairOut(Schema):
    id: int
    first: int
    second: int
    state: str
    reason: str


def router() -> Router:
    """The routes beside those of the lists of pairs and of merges, for each kind of record."""
    made = Router(tags=["duplicates"])
    for kind in KINDS:
        _merging(made, kind)
    for paired in PAIRED:
        _deciding(made, paired)
    for paired in (CONTACTS, PERSONS):
        _tying(made, paired)
    return made


def _merging(made: Router, kind: Mergeable) -> None:
    name, merges = kind.slug, kind.merge_slug

    @made.get(
        f"/{name}/{{int:pk}}/duplicates", response={200: list[AlikeOut], **PROBLEMS},
        operation_id=f"{name}_duplicates",
    )  # fmt: skip
    def duplicates_of(request: Asking, pk: int) -> Any:
        return _alike(request, access.get(request.actor, kind.model, pk))

    @made.post(
        f"/{name}/{{int:pk}}/merge", response={200: MergeDone, **PROBLEMS}, operation_id=f"{name}_merge"
    )
    def merge(request: Asking, pk: int, body: Merging) -> Any:
        survivor = access.get(request.actor, kind.model, pk)
        others = [access.get(request.actor, kind.model, key) for key in body.others]
        done = merging.COMMANDS[kind.slug](
            kind.merge, actor=request.actor, survivor=survivor, others=others, at=timezone.now(), chosen=body.chosen,
            reason=body.reason,
        )  # fmt: skip
        return {"id": done.pk, "survivor": done.survivor_id, "merged": body.others, "moved": done.counts}

    @made.post(
        f"/{merges}/{{int:pk}}/undo", response={200: MergeUndone, **PROBLEMS},
        operation_id=f"{merges.replace('-', '_')}_undo",
    )  # fmt: skip
    def undo(request: Asking, pk: int) -> Any:
        merge = access.get(request.actor, kind.merge, pk)
        undone = unmerging.COMMANDS[kind.slug](merge, actor=request.actor, at=timezone.now())
        restored = list(undone.merged.order_by("pk").values_list("record_id", flat=True))
        return {"id": undone.pk, "restored": restored, "left_as_is": undone.left_as_is}


def _deciding(made: Router, kind: Paired) -> None:
    @made.post(
        f"/{kind.pair_slug}/{{int:pk}}/keep-apart",
        response={200: PairOut, **PROBLEMS},
        operation_id=f"{kind.pair_slug.replace('-', '_')}_keep_apart",
    )
    def keep_apart(request: Asking, pk: int, body: Reason) -> Any:
        pair = access.get(request.actor, kind.pair, pk)
        return _pair(searching.keep_apart(pair, actor=request.actor, at=timezone.now(), reason=body.reason))


def _tying(made: Router, kind: Paired) -> None:
    @made.post(
        f"/{kind.pair_slug}/{{int:pk}}/same-person",
        response={200: PairOut, **PROBLEMS},
        operation_id=f"{kind.pair_slug.replace('-', '_')}_same_person",
    )
    def same_person(request: Asking, pk: int, body: Reason) -> Any:
        pair: Any = access.get(request.actor, kind.pair, pk)
        return _pair(
            searching.say_same_person(pair, actor=request.actor, at=timezone.now(), reason=body.reason)
        )


def _pair(kept: Any) -> dict[str, Any]:
    return {
        "id": kept.pk, "first": kept.first_id, "second": kept.second_id, "state": kept.state, "reason": kept.reason,
    }  # fmt: skip


def _alike(request: Asking, record: Any) -> list[dict[str, Any]]:
    """What is alike at a glance, with the probability of the last search where it found the pair."""
    facts = {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields}
    pairs = pairs_of(request.actor, record)
    return [
        {
            "id": each.record.pk,
            "name": str(each.record),
            "nearness": round(each.nearness, 3),
            "reasons": list(each.reasons),
            "probability": pairs[each.record.pk].probability if each.record.pk in pairs else None,
            "pair": pairs[each.record.pk].pk if each.record.pk in pairs else None,
        }
        for each in alike(request.actor, type(record), facts, apart=record.pk)
    ]
