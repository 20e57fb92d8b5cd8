"""Duplicates as JSON: what is like a customer, deciding, merging, taking apart. Lists and single ones are the kit's."""

from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from clientier.core import access
from clientier.kit.api import PROBLEMS, Written
from clientier.kit.asking import Asking
from clientier.rooms.duplicates.commands import searching, unmerging
from clientier.rooms.duplicates.commands.merging import merge_customers
from clientier.rooms.duplicates.models import DuplicatePair, Merge
from clientier.rooms.duplicates.queries.listing import pairs_of
from clientier.rooms.duplicates.queries.nearest import alike
from clientier.rooms.parties.models import Customer


class AlikeOut(Schema):
    """A customer that may be the same: ``nearness`` is 1 for the same name alone, more with more that agrees."""

    id: int
    name: str
    nearness: float
    reasons: list[str]
    probability: float | None
    pair: int | None


class Reason(Written):
    reason: str = ""


class Merging(Written):
    """``others`` become part of the customer; ``chosen`` names by field the customer whose value stands."""

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
    """The routes beside those of the lists of pairs and of merges."""
    made = Router(tags=["duplicates"])

    @made.get(
        "/customers/{int:pk}/duplicates", response={200: list[AlikeOut], **PROBLEMS},
        operation_id="customers_duplicates",
    )  # fmt: skip
    def duplicates_of(request: Asking, pk: int) -> Any:
        customer = access.get(request.actor, Customer, pk)
        return _alike(request, customer)

    @made.post(
        "/customers/{int:pk}/merge", response={200: MergeDone, **PROBLEMS}, operation_id="customers_merge"
    )
    def merge(request: Asking, pk: int, body: Merging) -> Any:
        survivor = access.get(request.actor, Customer, pk)
        others = [access.get(request.actor, Customer, key) for key in body.others]
        done = merge_customers(
            Merge, actor=request.actor, survivor=survivor, others=others, at=timezone.now(), chosen=body.chosen,
            reason=body.reason,
        )  # fmt: skip
        return {"id": done.pk, "survivor": done.survivor_id, "merged": body.others, "moved": done.counts}

    @made.post("/merges/{int:pk}/undo", response={200: MergeUndone, **PROBLEMS}, operation_id="merges_undo")
    def undo(request: Asking, pk: int) -> Any:
        merge = access.get(request.actor, Merge, pk)
        undone = unmerging.undo_merge(merge, actor=request.actor, at=timezone.now())
        restored = list(undone.merged.order_by("pk").values_list("record_id", flat=True))
        return {"id": undone.pk, "restored": restored, "left_as_is": undone.left_as_is}

    _deciding(made)
    return made


def _deciding(made: Router) -> None:
    @made.post(
        "/duplicates/{int:pk}/keep-apart",
        response={200: PairOut, **PROBLEMS},
        operation_id="duplicates_keep_apart",
    )
    def keep_apart(request: Asking, pk: int, body: Reason) -> Any:
        pair = access.get(request.actor, DuplicatePair, pk)
        kept = searching.keep_apart(pair, actor=request.actor, at=timezone.now(), reason=body.reason)
        return {
            "id": kept.pk, "first": kept.first_id, "second": kept.second_id, "state": kept.state, "reason": kept.reason,
        }  # fmt: skip


def _alike(request: Asking, customer: Customer) -> list[dict[str, Any]]:
    """What is alike at a glance, with the probability of the last search where it found the pair."""
    facts = {field.name: getattr(customer, field.attname) for field in Customer._meta.concrete_fields}
    pairs = pairs_of(request.actor, customer)
    return [
        {
            "id": each.record.pk,
            "name": str(each.record),
            "nearness": round(each.nearness, 3),
            "reasons": list(each.reasons),
            "probability": pairs[each.record.pk].probability if each.record.pk in pairs else None,
            "pair": pairs[each.record.pk].pk if each.record.pk in pairs else None,
        }
        for each in alike(request.actor, Customer, facts, apart=customer.pk)
    ]
