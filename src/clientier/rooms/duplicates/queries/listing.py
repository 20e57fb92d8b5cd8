"""The queue of pairs as it stands, and merges as the timeline of a customer tells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.presence import Referring
from clientier.kit.timeline import Happening, Window
from clientier.rooms.duplicates.choices import PairState
from clientier.rooms.duplicates.models import Merge, PairOfTwo
from clientier.rooms.duplicates.queries.kinds import Paired, kind_of
from clientier.rooms.parties.models import Contact, Customer

MERGES = Referring(Merge, "survivor")


def open_pairs(kind: Paired) -> QuerySet[Any]:
    """All pairs that wait for a decision, most probable first; for work that no person's rights bound."""
    found: QuerySet[Any] = kind.pairs.filter(state=PairState.OPEN).order_by("-probability", "pk")
    return found


def pairs_of(actor: Actor, record: Customer | Contact) -> dict[int, PairOfTwo]:
    """The pairs of this record that the actor may see, by the key of the other one."""
    model = kind_of(type(record)).pair
    pairs: Any = model._default_manager
    mine = pairs.filter(first=record) | pairs.filter(second=record)
    return {
        pair.second_id if pair.first_id == record.pk else pair.first_id: pair
        for pair in mine.filter(access.rows(actor, model))
    }


def merges_told(actor: Actor, customer: Customer, window: Window) -> Iterable[Happening]:
    """What became part of this customer, by whom, and what was taken apart again."""
    found = access.visible(actor, Merge).filter(window.of_moments("merged_at"), survivor=customer)
    found = found.select_related(None).select_related("merged_by")
    for merge in found.order_by("-merged_at", "-pk")[: window.limit]:
        title = (
            _("Merged, and taken apart again: %(names)s")
            if merge.undone_at
            else _("Merged into this: %(names)s")
        )
        yield Happening(
            at=merge.merged_at,
            kind=window.kind,
            key=merge.pk,
            icon="link",
            title=title % {"names": merge.names},
            text=" · ".join(filter(None, (str(merge.merged_by or ""), merge.reason))),
            url=reverse("merges-detail", args=[merge.pk]),
        )
