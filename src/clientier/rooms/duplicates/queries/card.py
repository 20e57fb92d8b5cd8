"""A pair and a merge as their pages tell them."""

from __future__ import annotations

from collections.abc import Callable
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
from clientier.rooms.duplicates.choices import FACT_LABELS, STEP_LABELS, STEP_TONES, PairState
from clientier.rooms.duplicates.models import ContactPair, MergeOfSeveral, PairOfTwo
from clientier.rooms.duplicates.queries.choosing import merged_fields
from clientier.rooms.duplicates.queries.kinds import CUSTOMERS, KINDS, Mergeable, kind_of
from clientier.rooms.parties.models import Address, Contact, Customer, PersonProfile

PAIRS = {kind.pair: Referring(kind.pair, "first", "second") for kind in KINDS}


def merge_url(keys: list[int], kind: Mergeable = CUSTOMERS) -> str:
    return f"{reverse(f'{kind.slug}-merge')}?{urlencode({'ids': keys}, doseq=True)}"


def both_on_card(actor: Actor, pair: PairOfTwo, setting: Setting) -> dict[str, Any] | None:
    """The two records beside each other, as far as one may read them."""
    model = kind_of(type(pair)).model
    shown = resource.of(model)
    if shown is None or not _sees_both(actor, pair):
        return None
    fields = ["customer", *merged_fields(model)] if model is Contact else merged_fields(model)
    readable = [name for name in fields if access.can_read(actor, model, name)]
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


def evidence_on_card(actor: Actor, pair: PairOfTwo, setting: Setting) -> dict[str, Any] | None:
    """What speaks for and against, strongest first; facts that are hidden from the actor are left out."""
    told = sorted(pair.evidence.items(), key=lambda fact: -abs(fact[1][1]))
    facts = [
        {
            "label": capfirst(str(FACT_LABELS[name])),
            "cell": {"kind": "badge", "text": str(STEP_LABELS[step]), "tone": STEP_TONES[step]},
        }
        for name, (step, _weight) in told
        if name in FACT_LABELS and _may_know(actor, name, kind_of(type(pair)))
    ]
    return {"facts": facts} if facts else None


def _may_know(actor: Actor, fact: str, kind: Mergeable) -> bool:
    if fact in kind.facts:
        return kind.facts[fact] in access.fields(actor, kind.model).readable
    if fact == "third":
        return True
    model, field = (
        (PersonProfile, "born_on")
        if fact == "born"
        else (Address, "postcode" if fact == "postcode" else "line")
    )
    return actor.reach(model, "view") is not Reach.NONE and field in access.fields(actor, model).readable


def pair_actions(actor: Actor, pair: PairOfTwo) -> list[dict[str, Any]]:
    """What can be decided: make them one, say that they are posts of one person, or that they are not the same."""
    kind, keys, told = kind_of(type(pair)), [pair.first_id, pair.second_id], []
    elsewhere = isinstance(pair, ContactPair) and pair.first.customer_id != pair.second.customer_id
    if not elsewhere and may_merge(actor, keys, kind):
        told.append({"label": _("Merge …"), "url": merge_url(keys, kind), "icon": "link", "primary": True})
    if pair.state != PairState.OPEN or not _may_decide(actor, pair):
        return told
    if (
        isinstance(pair, ContactPair)
        and "same_person_as" in access.fields(actor, Contact).writable
        and access.visible(actor, Contact, "change").filter(pk__in=keys).exists()
    ):
        url = reverse("contact-duplicates-same-person", args=[pair.pk])
        told.append(
            {
                "label": _("Same person"),
                "url": url,
                "icon": "user-check",
                "method": "post",
                "primary": elsewhere,
            }
        )
    url = reverse(f"{kind.pair_slug}-keep-apart", args=[pair.pk])
    return [*told, {"label": _("Not the same"), "url": url, "icon": "x"}]


def _may_decide(actor: Actor, pair: PairOfTwo) -> bool:
    return access.visible(actor, type(pair), "change").filter(pk=pair.pk).exists()


def _sees_both(actor: Actor, pair: PairOfTwo) -> bool:
    seen = access.visible(actor, kind_of(type(pair)).model).filter(pk__in=[pair.first_id, pair.second_id])
    return seen.count() == 2


def may_merge(actor: Actor, keys: list[int], kind: Mergeable = CUSTOMERS) -> bool:
    """Whether the actor may change and delete all of them, and make a merge at all."""
    if actor.reach(kind.merge, "add") is Reach.NONE:
        return False
    return all(
        access.visible(actor, kind.model, action).filter(pk__in=keys).count() == len(keys)
        for action in ("change", "delete")
    )


def merge_on_card(actor: Actor, merge: MergeOfSeveral, setting: Setting) -> dict[str, Any] | None:
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


def merge_actions(actor: Actor, merge: MergeOfSeveral) -> list[dict[str, Any]]:
    kind = kind_of(type(merge))
    may = access.visible(actor, kind.merge, "change").filter(pk=merge.pk).exists()
    if merge.undone_at or not may or not may_merge(actor, [merge.survivor_id], kind):
        return []
    url = reverse(f"{kind.merge_slug}-undo", args=[merge.pk])
    return [{"label": _("Undo this merge"), "url": url, "method": "post", "icon": "arrow-back-up"}]


def duplicates_action(actor: Actor, record: Customer | Contact) -> list[dict[str, Any]]:
    """On the card of a record: the most probable pair that waits for a decision."""
    kind = kind_of(type(record))
    if actor.reach(kind.pair, "view") is Reach.NONE or not PAIRS[kind.pair].may_be(record):
        return []
    pairs: Any = kind.pairs
    mine = pairs.filter(first=record) | pairs.filter(second=record)
    open_pairs = mine.filter(access.rows(actor, kind.pair), state=PairState.OPEN)
    pair = open_pairs.select_related(None).order_by("-probability", "pk").first()
    if pair is None or not _sees_both(actor, pair):
        return []
    url = reverse(f"{kind.pair_slug}-detail", args=[pair.pk])
    return [{"label": _("Possible duplicate"), "url": url, "icon": "copy"}]


def list_actions(kind: Mergeable) -> Callable[[Actor], list[dict[str, Any]]]:
    """Above the list: the list of the other kind, what was merged so far, and the search."""

    def offered(actor: Actor) -> list[dict[str, Any]]:
        told = [
            {"label": resource.REGISTRY[other.slug].label_plural, "icon": "copy",
             "url": f"{reverse(f'{other.pair_slug}-list')}?f=state:in:open"}
            for other in KINDS
            if other is not kind and actor.reach(other.pair, "view") is not Reach.NONE
        ]  # fmt: skip
        if actor.reach(kind.merge, "view") is not Reach.NONE:
            told.append({"label": _("Merges"), "url": reverse(f"{kind.merge_slug}-list"), "icon": "history"})
        if actor.reach(kind.pair, "change") is not Reach.NONE:
            url = reverse("duplicates-search")
            told.append({"label": _("Search now"), "url": url, "method": "post", "icon": "search"})
        return told

    return offered
