from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor
from clientier.kit import bulk, likeness, moved, panels, timeline
from clientier.kit.bulk import BulkAction
from clientier.kit.imports import lookups
from clientier.kit.likeness import Watch
from clientier.kit.resource import Column, Resource, register
from clientier.rooms.duplicates.choices import STATE_TONES
from clientier.rooms.duplicates.commands import merging, unmerging  # noqa: F401 - undoing is declared there
from clientier.rooms.duplicates.models import ContactMerge, ContactPair, DuplicatePair, Merge, PersonPair
from clientier.rooms.duplicates.queries import card
from clientier.rooms.duplicates.queries.kinds import KINDS, PAIRED
from clientier.rooms.duplicates.queries.listing import MERGES, merges_told
from clientier.rooms.duplicates.queries.nearest import alike
from clientier.rooms.duplicates.queries.survivors import survivor_of, survivors_by_number
from clientier.rooms.parties.models import Contact, Customer


def _pairs(both: Column, *of_each: Column) -> tuple[Column, ...]:
    """The columns of a list of pairs: what both are called by, and what is told of each in the middle."""
    return (
        both,
        Column(path="second", shown=False),
        Column(path="probability", kind="percent"),
        *of_each,
        Column(path="state", tones=STATE_TONES),
        Column(path="found_at", shown=False),
        Column(path="decided_at", shown=False),
        Column(path="decided_by", kind="user", shown=False),
        Column(path="reason", shown=False),
    )


duplicates = register(
    Resource(
        model=DuplicatePair,
        slug="duplicates",
        icon="copy",
        order="-probability",
        title_column="first",
        columns=_pairs(
            Column(path="first", label=_("the two customers")),
            Column(path="first__standing__net_profit", label=_("net profit of the one")),
            Column(path="second__standing__net_profit", label=_("net profit of the other")),
        ),
        empty=_(
            "Customers that may be kept twice. The search for them runs every night, and whenever you ask."
        ),
    )
)
merges = register(
    Resource(
        model=Merge,
        slug="merges",
        icon="link",
        order="-merged_at",
        title_column="names",
        columns=(
            Column(path="names"),
            Column(path="survivor"),
            Column(path="merged_at"),
            Column(path="merged_by", kind="user"),
            Column(path="moved_records"),
            Column(path="undone_at"),
            Column(path="undone_by", kind="user", shown=False),
            Column(path="reason", shown=False),
        ),
        empty=_("Customers that were made one. Each can be taken apart again, with all that moved."),
    )
)

contact_duplicates = register(
    Resource(
        model=ContactPair,
        slug="contact-duplicates",
        icon="copy",
        order="-probability",
        title_column="first",
        columns=_pairs(
            Column(path="first", label=_("the two contacts")),
            Column(path="first__customer", label=_("customer of the one")),
            Column(path="second__customer", label=_("customer of the other")),
        ),
        empty=_(
            "Contacts that may be kept twice, and people who have a post at several customers. The search for them "
            "runs every night, and whenever you ask."
        ),
    )
)
contact_merges = register(
    Resource(
        model=ContactMerge,
        slug="contact-merges",
        icon="link",
        order="-merged_at",
        title_column="names",
        columns=merges.columns,
        empty=_("Contacts that were made one. Each can be taken apart again, with all that moved."),
    )
)
person_duplicates = register(
    Resource(
        model=PersonPair,
        slug="person-duplicates",
        icon="copy",
        order="-probability",
        title_column="first",
        columns=_pairs(
            Column(path="first", label=_("the contact and the customer")),
            Column(path="first__customer", label=_("customer of the contact")),
            Column(path="second__city", label=_("city of the customer")),
        ),
        empty=_(
            "Contacts and customers that may be one person. The search for them runs every night, and whenever you "
            "ask."
        ),
    )
)

bulk.offer("customers", BulkAction("merge", _("Merge …"), "link", "add", page="customers-merge", of=Merge))
bulk.offer(
    "contacts", BulkAction("merge", _("Merge …"), "link", "add", page="contacts-merge", of=ContactMerge)
)
timeline.tell("customers", timeline.Source("merge", _("Merges"), Merge, merges_told, 80, MERGES))
for kind in PAIRED:
    side_by_side = panels.Panel(
        "both", _("Side by side"), "kit/parts/table_panel.html", card.both_on_card, "main", 10
    )
    panels.add(kind.pair_slug, side_by_side)
    panels.add(
        kind.pair_slug,
        panels.Panel("why", _("Why"), "kit/parts/facts_panel.html", card.evidence_on_card, "side", 10),
    )
    panels.offer(kind.pair_slug, card.pair_actions)
    panels.offer_on_list(kind.pair_slug, card.list_actions(kind))
for each in KINDS:
    panels.add(
        each.merge_slug,
        panels.Panel("moved", _("What moved"), "duplicates/moved.html", card.merge_on_card, "main", 10),
    )
    panels.offer(each.merge_slug, card.merge_actions)
    panels.offer(each.slug, card.duplicates_action)
    moved.lead_on(each.model, partial(survivor_of, model=each.model))
    lookups.remember_former_keys(each.slug, partial(survivors_by_number, model=each.model))


def _nearest(model: type[Customer] | type[Contact], actor: Actor, facts: Mapping[str, Any]) -> list[int]:
    return [each.record.pk for each in alike(actor, model, facts)]


likeness.watch(
    "customers",
    Watch(
        "customers-alike",
        ("name", "kind", "other_names", "phone", "email", "website", "registration_number"),
        lambda actor, facts: _nearest(Customer, actor, facts),
    ),
)
likeness.watch(
    "contacts",
    Watch("contacts-alike", ("name", "phone", "email"), lambda actor, facts: _nearest(Contact, actor, facts)),
)
