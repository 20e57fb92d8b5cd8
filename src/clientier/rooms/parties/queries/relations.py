"""Who is what to whom, seen from one end, under the reader's rights."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.choices.relations import SEEN_FROM_THE_OTHER_END, RelationKind
from clientier.rooms.parties.models import Contact, Customer, Relation

SHOWN = 50
RELATIONS = Referring(Relation, "from_customer", "to_customer")
TOLD = (
    *("kind", "since", "until", "note"),
    *(f"{way}_{end}__name" for way in ("from", "to") for end in ("customer", "contact")),
)


def relations_of(actor: Actor, end: Customer | Contact) -> QuerySet[Relation]:
    """The relations of a customer with those of its people, or of one contact; both ends are in reach."""
    name = "contact" if isinstance(end, Contact) else "customer"
    found = access.visible(actor, Relation).filter(Q(**{f"from_{name}": end}) | Q(**{f"to_{name}": end}))
    if actor.reach(Relation, "view") > actor.reach(Customer, "view"):  # else both ends are in reach anyway
        customers = access.visible(actor, Customer)
        found = found.filter(from_customer__in=customers, to_customer__in=customers)
    return found.order_by("kind", "-since", "-pk")


def relations_on_card(actor: Actor, end: Customer | Contact, setting: Setting) -> dict[str, Any] | None:
    """Each relation in the words of this end; those that have ended stand apart."""
    if actor.reach(Relation, "view") is Reach.NONE or "kind" not in access.fields(actor, Relation).readable:
        return None
    there = RELATIONS.may_be(end)
    found = list(relations_of(actor, end).only(*TOLD)[:SHOWN]) if there else []
    theirs = access.visible(actor, Relation, "change").filter(pk__in=[each.pk for each in found])
    changeable = frozenset(theirs.values_list("pk", flat=True))
    told = [_told(actor, each, end, each.pk in changeable) for each in found]
    held = [each for each in told if not each["until"] or each["until"] >= setting.today]
    ended = [each for each in told if each["until"] and each["until"] < setting.today]
    adding = _adding(actor, end)
    return {"held": held, "ended": ended, "add_url": adding} if told or adding else None


def words_from(relation: Relation, customer: Customer) -> str:
    """What a relation says, in the words of this customer's end: “Dealer of Long AG”."""
    if relation.from_customer_id == customer.pk:
        return f"{relation.get_kind_display()} {relation.to_contact or relation.to_customer}"
    words = SEEN_FROM_THE_OTHER_END[RelationKind(relation.kind)]
    return f"{words} {relation.from_contact or relation.from_customer}"


def _told(actor: Actor, relation: Relation, end: Customer | Contact, may_change: bool) -> dict[str, Any]:
    readable = access.fields(actor, Relation).readable
    here = relation.from_contact_id if isinstance(end, Contact) else relation.from_customer_id
    forward = here == end.pk
    customers = (relation.from_customer, relation.to_customer)
    contacts = (relation.from_contact, relation.to_contact)
    near, far = (0, 1) if forward else (1, 0)
    until = relation.until if "until" in readable else None
    return {
        "kind": relation.get_kind_display()
        if forward
        else SEEN_FROM_THE_OTHER_END[RelationKind(relation.kind)],
        "contact": contacts[far],
        "customer": customers[far],
        "by_way_of": contacts[near] if isinstance(end, Customer) else None,
        "since": formats.day(relation.since) if relation.since and "since" in readable else "",
        "until": until,
        "until_text": formats.day(until) if until else "",
        "note": relation.note if "note" in readable else "",
        "url": reverse("relations-detail", args=[relation.pk]),
        "end_url": f"{reverse('relation-end', args=[relation.pk])}?next={_card(end)}" if may_change else "",
    }


def _adding(actor: Actor, end: Customer | Contact) -> str:
    if actor.reach(Relation, "add") is Reach.NONE:
        return ""
    customer, contact = (end.customer_id, f"&contact={end.pk}") if isinstance(end, Contact) else (end.pk, "")
    return f"{reverse('customer-relate', args=[customer])}?next={_card(end)}{contact}"


def _card(end: Customer | Contact) -> str:
    return reverse("contacts-detail" if isinstance(end, Contact) else "customers-detail", args=[end.pk])


def ways_to_relate() -> list[tuple[str, str]]:
    """Every kind from both ends, worded as what this end is to the other: (value, words)."""
    found = []
    for kind in RelationKind:
        found.append((f"{kind.value}:from", str(kind.label)))
        if SEEN_FROM_THE_OTHER_END[kind] != kind.label:
            found.append((f"{kind.value}:to", str(SEEN_FROM_THE_OTHER_END[kind])))
    return [("", _("Choose …")), *found]
