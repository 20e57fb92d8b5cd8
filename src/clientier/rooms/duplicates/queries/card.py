"""A pair and a merge as their pages tell them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import cells, formats, resource
from clientier.kit.cells import Setting
from clientier.kit.resource import Column, label_of
from clientier.rooms.duplicates.choices import FACT_FIELDS, FACT_LABELS, STEP_LABELS, STEP_TONES, PairState
from clientier.rooms.duplicates.models import DuplicatePair, Merge
from clientier.rooms.duplicates.queries.choosing import merged_fields
from clientier.rooms.parties.models import Address, Customer, PersonProfile

PAIRS = Referring(DuplicatePair, "first", "second")


def merge_url(keys: list[int]) -> str:
    return f"{reverse('customers-merge')}?{urlencode({'ids': keys}, doseq=True)}"


def both_on_card(actor: Actor, pair: DuplicatePair, setting: Setting) -> dict[str, Any] | None:
    """The two customers beside each other, as far as one may read them."""
    shown = resource.of(Customer)
    seen = set(
        access.visible(actor, Customer)
        .filter(pk__in=[pair.first_id, pair.second_id])
        .values_list("pk", flat=True)
    )
    if shown is None or seen != {pair.first_id, pair.second_id}:
        return None
    readable = [name for name in merged_fields() if access.can_read(actor, Customer, name)]
    told = []
    for name in readable:
        drawn = [cells.cell(shown, Column(path=name), each, setting) for each in (pair.first, pair.second)]
        if any(each.text for each in drawn):
            label = capfirst(label_of(shown, Column(path=name)))
            told.append([label, *drawn])
    heads = [
        {"label": _("Field")},
        {"label": str(pair.first), "wrap": True},
        {"label": str(pair.second), "wrap": True},
    ]
    return {"label": _("The two side by side"), "columns": heads, "rows": told}


def evidence_on_card(actor: Actor, pair: DuplicatePair, setting: Setting) -> dict[str, Any] | None:
    """What speaks for and against, strongest first; facts that are hidden from the actor are left out."""
    told = sorted(pair.evidence.items(), key=lambda fact: -abs(fact[1][1]))
    facts = [
        {
            "label": capfirst(str(FACT_LABELS[name])),
            "cell": {"kind": "badge", "text": str(STEP_LABELS[step]), "tone": STEP_TONES[step]},
        }
        for name, (step, _weight) in told
        if name in FACT_LABELS and _may_know(actor, name)
    ]
    return {"facts": facts} if facts else None


def _may_know(actor: Actor, fact: str) -> bool:
    if fact in FACT_FIELDS:
        return FACT_FIELDS[fact] in access.fields(actor, Customer).readable
    if fact == "third":
        return True
    model, field = (
        (PersonProfile, "born_on")
        if fact == "born"
        else (Address, "postcode" if fact == "postcode" else "line")
    )
    return actor.reach(model, "view") is not Reach.NONE and field in access.fields(actor, model).readable


def pair_actions(actor: Actor, pair: DuplicatePair) -> list[dict[str, Any]]:
    told = []
    if may_merge(actor, [pair.first_id, pair.second_id]):
        url = merge_url([pair.first_id, pair.second_id])
        told.append({"label": _("Merge …"), "url": url, "icon": "link", "primary": True})
    if (
        pair.state == PairState.OPEN
        and access.visible(actor, DuplicatePair, "change").filter(pk=pair.pk).exists()
    ):
        url = reverse("duplicates-keep-apart", args=[pair.pk])
        told.append({"label": _("Not the same"), "url": url, "icon": "x"})
    return told


def may_merge(actor: Actor, keys: list[int]) -> bool:
    """Whether the actor may change and delete all of them, and make a merge at all."""
    if actor.reach(Merge, "add") is Reach.NONE:
        return False
    return all(
        access.visible(actor, Customer, action).filter(pk__in=keys).count() == len(keys)
        for action in ("change", "delete")
    )


def merge_on_card(actor: Actor, merge: Merge, setting: Setting) -> dict[str, Any] | None:
    """What was merged and moved; what could not go back when it was undone."""
    moved = [
        {
            "label": capfirst(str(apps.get_model(kind)._meta.verbose_name_plural)),
            "number": formats.number(number),
        }
        for kind, number in merge.counts.items()
        if actor.reach(apps.get_model(kind), "view") is not Reach.NONE
    ]
    return {
        "moved": moved,
        "left": merge.left_as_is,
        "merged": [str(each) for each in merge.merged.order_by("pk")],
    }


def merge_actions(actor: Actor, merge: Merge) -> list[dict[str, Any]]:
    may = access.visible(actor, Merge, "change").filter(pk=merge.pk).exists()
    if merge.undone_at or not may or not may_merge(actor, [merge.survivor_id]):
        return []
    url = reverse("merges-undo", args=[merge.pk])
    return [{"label": _("Undo this merge"), "url": url, "method": "post", "icon": "arrow-back-up"}]


def duplicates_action(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    """On the card of a customer: the most probable pair that waits for a decision."""
    if actor.reach(DuplicatePair, "view") is Reach.NONE or not PAIRS.may_be(customer):
        return []
    mine = DuplicatePair.objects.filter(first=customer) | DuplicatePair.objects.filter(second=customer)
    open_pairs = mine.filter(access.rows(actor, DuplicatePair), state=PairState.OPEN)
    pair = open_pairs.select_related(None).order_by("-probability", "pk").first()
    if (
        pair is None
        or access.visible(actor, Customer).filter(pk__in=[pair.first_id, pair.second_id]).count() != 2
    ):
        return []
    url = reverse("duplicates-detail", args=[pair.pk])
    return [{"label": _("Possible duplicate"), "url": url, "icon": "copy"}]


def list_actions(actor: Actor) -> list[dict[str, Any]]:
    """Above the list: what was merged so far, and the search."""
    told = []
    if actor.reach(Merge, "view") is not Reach.NONE:
        told.append({"label": _("Merges"), "url": reverse("merges-list"), "icon": "history"})
    if actor.reach(DuplicatePair, "change") is not Reach.NONE:
        url = reverse("duplicates-search")
        told.append({"label": _("Search now"), "url": url, "method": "post", "icon": "search"})
    return told
