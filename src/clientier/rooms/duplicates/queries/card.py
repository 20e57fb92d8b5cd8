"""A pair and a merge as their pages tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Q
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
from clientier.rooms.duplicates.models import ContactPair, MergeOfSeveral, PairOfTwo, PersonPair
from clientier.rooms.duplicates.queries.choosing import merged_fields
from clientier.rooms.duplicates.queries.kinds import (
    CUSTOMERS,
    KINDS,
    PAIRED,
    Mergeable,
    Paired,
    kind_of,
    paired_of,
)
from clientier.rooms.parties.models import Address, Contact, Customer, PersonProfile, Relation

PAIRS: dict[tuple[Any, Any], Referring] = {
    **{(kind.pair, kind.model): Referring(kind.pair, "first", "second") for kind in KINDS},
    (PersonPair, Contact): Referring(PersonPair, "first"),
    (PersonPair, Customer): Referring(PersonPair, "second"),
}
OF_A_PERSON = (
    ("name", "name"), ("customer", "person_profile__employer"), ("job_title", "person_profile__occupation"),
    ("phone", "phone"), ("email", "email"),
)  # fmt: skip


def merge_url(keys: list[int], kind: Mergeable = CUSTOMERS) -> str:
    return f"{reverse(f'{kind.slug}-merge')}?{urlencode({'ids': keys}, doseq=True)}"


def both_on_card(actor: Actor, pair: PairOfTwo, setting: Setting) -> dict[str, Any] | None:
    """The two records beside each other, as far as one may read them."""
    if not _sees_both(actor, pair):
        return None
    told = []
    for label, *both in _shown_of_both(actor, pair):
        drawn = [
            cells.cell(shown, Column(path=path), record, setting) if path else cells.Cell("text", "")
            for shown, path, record in both
        ]
        if any(each.text for each in drawn):
            told.append([label, *drawn])
    heads = [{"label": _("Field")}, *({"label": label, "wrap": True} for label in _called(pair))]
    return {"label": _("The two side by side"), "columns": heads, "rows": told}


def _called(pair: PairOfTwo) -> list[str]:
    """What stands above each of the two: its name, or what it is where they are of two kinds."""
    if isinstance(pair, PersonPair):
        return [capfirst(str(end._meta.verbose_name)) for end in (pair.first, pair.second)]
    return [str(pair.first), str(pair.second)]


def _shown_of_both(actor: Actor, pair: PairOfTwo) -> Iterator[tuple[Any, ...]]:
    """Row by row its label, and of each record its kind, the path that may be read of it, and the record."""
    records, kinds = (pair.first, pair.second), [resource.REGISTRY[slug] for slug in _slugs(pair)]
    for paths in _paths_of_both(pair):
        may = [
            path if access.can_read(actor, shown.model, path) else ""
            for shown, path in zip(kinds, paths, strict=True)
        ]
        if any(may):
            label = capfirst(label_of(kinds[0], Column(path=paths[0])))
            yield label, *zip(kinds, may, records, strict=True)


def _paths_of_both(pair: PairOfTwo) -> list[tuple[str, str]]:
    if isinstance(pair, PersonPair):
        return list(OF_A_PERSON)
    model = kind_of(type(pair)).model
    fields = ["customer", *merged_fields(model)] if model is Contact else merged_fields(model)
    return [(name, name) for name in fields]


def _slugs(pair: PairOfTwo) -> list[str]:
    return [kind_of(model).slug for model in paired_of(type(pair)).ends]


def evidence_on_card(actor: Actor, pair: PairOfTwo, setting: Setting) -> dict[str, Any] | None:
    """What speaks for and against, strongest first; facts that are hidden from the actor are left out."""
    told = sorted(pair.evidence.items(), key=lambda fact: -abs(fact[1][1]))
    facts = [
        {
            "label": capfirst(str(FACT_LABELS[name])),
            "cell": {"kind": "badge", "text": str(STEP_LABELS[step]), "tone": STEP_TONES[step]},
        }
        for name, (step, _weight) in told
        if name in FACT_LABELS and _may_know(actor, name, paired_of(type(pair)))
    ]
    return {"facts": facts} if facts else None


def _may_know(actor: Actor, fact: str, kind: Paired) -> bool:
    if fact == "third":
        return True
    if fact in kind.facts[0]:
        ends = zip(kind.ends, kind.facts, strict=True)
        return all(access.can_read(actor, model, fields[fact]) for model, fields in ends)
    model, field = (
        (PersonProfile, "born_on")
        if fact == "born"
        else (Address, "postcode" if fact == "postcode" else "line")
    )
    return actor.reach(model, "view") is not Reach.NONE and field in access.fields(actor, model).readable


def pair_actions(actor: Actor, pair: PairOfTwo) -> list[dict[str, Any]]:
    """What can be decided: make them one, say that they are one person, or that they are not the same."""
    kind, keys, told = paired_of(type(pair)), [pair.first_id, pair.second_id], []
    elsewhere = isinstance(pair, ContactPair) and pair.first.customer_id != pair.second.customer_id
    if isinstance(kind, Mergeable) and not elsewhere and may_merge(actor, keys, kind):
        told.append({"label": _("Merge …"), "url": merge_url(keys, kind), "icon": "link", "primary": True})
    if pair.state != PairState.OPEN or not _may_decide(actor, pair):
        return told
    if _may_tie(actor, pair):
        told.append(
            {
                "label": _("Same person"),
                "url": reverse(f"{kind.pair_slug}-same-person", args=[pair.pk]),
                "icon": "user-check",
                "method": "post",
                "primary": elsewhere or isinstance(pair, PersonPair),
            }
        )
    url = reverse(f"{kind.pair_slug}-keep-apart", args=[pair.pk])
    return [*told, {"label": _("Not the same"), "url": url, "icon": "x"}]


def _may_tie(actor: Actor, pair: PairOfTwo) -> bool:
    if isinstance(pair, PersonPair):
        return actor.reach(Relation, "add") is not Reach.NONE
    return (
        isinstance(pair, ContactPair)
        and "same_person_as" in access.fields(actor, Contact).writable
        and access.visible(actor, Contact, "change").filter(pk__in=[pair.first_id, pair.second_id]).exists()
    )


def _may_decide(actor: Actor, pair: PairOfTwo) -> bool:
    return access.visible(actor, type(pair), "change").filter(pk=pair.pk).exists()


def _sees_both(actor: Actor, pair: PairOfTwo) -> bool:
    """One question where both are of one kind, else one for each."""
    seen: dict[Any, set[int]] = defaultdict(set)
    for model, key in zip(paired_of(type(pair)).ends, (pair.first_id, pair.second_id), strict=True):
        seen[model].add(key)
    return all(
        access.visible(actor, model).filter(pk__in=keys).count() == len(keys) for model, keys in seen.items()
    )


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
    """On the card of a record: of each kind of pairs the most probable one that waits for a decision."""
    told = []
    for (kind, model), referring in PAIRS.items():
        if model is not type(record) or actor.reach(kind, "view") is Reach.NONE:
            continue
        pair = _most_probable(actor, kind, referring, record) if referring.may_be(record) else None
        if pair is not None and _sees_both(actor, pair):
            url = reverse(f"{paired_of(kind).pair_slug}-detail", args=[pair.pk])
            words = _("Perhaps the same person") if kind is PersonPair else _("Possible duplicate")
            told.append({"label": words, "url": url, "icon": "copy"})
    return told


def _most_probable(actor: Actor, kind: Any, referring: Referring, record: Customer | Contact) -> Any:
    mine = reduce(or_, (Q(**{name: record}) for name in referring.names))
    open_pairs = kind._default_manager.filter(mine, access.rows(actor, kind), state=PairState.OPEN)
    return open_pairs.select_related(None).order_by("-probability", "pk").first()


def list_actions(kind: Paired) -> Callable[[Actor], list[dict[str, Any]]]:
    """Above the list: the lists of the other kinds, what was merged so far, and the search."""

    def offered(actor: Actor) -> list[dict[str, Any]]:
        told = [
            {"label": resource.REGISTRY[other.slug if isinstance(other, Mergeable) else other.pair_slug].label_plural,
             "icon": "copy", "url": f"{reverse(f'{other.pair_slug}-list')}?f=state:in:open"}
            for other in PAIRED
            if other is not kind and actor.reach(other.pair, "view") is not Reach.NONE
        ]  # fmt: skip
        if isinstance(kind, Mergeable) and actor.reach(kind.merge, "view") is not Reach.NONE:
            told.append({"label": _("Merges"), "url": reverse(f"{kind.merge_slug}-list"), "icon": "history"})
        if actor.reach(kind.pair, "change") is not Reach.NONE:
            url = reverse("duplicates-search")
            told.append({"label": _("Search now"), "url": url, "method": "post", "icon": "search"})
        return told

    return offered
