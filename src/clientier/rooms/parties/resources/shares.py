from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.core.actor import find_shares_with, when_reach_changes
from clientier.core.guards import guard
from clientier.kit import panels
from clientier.kit.resource import Column, Resource, register
from clientier.rooms.parties.commands.shares import end_unfounded
from clientier.rooms.parties.models import Share
from clientier.rooms.parties.queries.shares import (
    refuse_to_reopen,
    shared_on_card,
    shares_for,
    sharing_offered,
)

shares = register(
    Resource(
        model=Share,
        slug="shares",
        icon="share",
        order="-pk",
        columns=(
            Column(path="customer"),
            Column(path="user", kind="user"),
            Column(path="team"),
            Column(path="may_change"),
            Column(path="until"),
            Column(path="reason"),
            Column(path="granted_by", kind="user"),
            Column(path="granted_at"),
            Column(path="ended_at"),
        ),
        empty=_(
            "Customers that are open to others: shared for good, or lent until a time. It begins on the card."
        ),
    )
)

find_shares_with(shares_for)
guard(Share, refuse_to_reopen)
when_reach_changes(end_unfounded)
panels.offer("customers", sharing_offered)
panels.add(
    "customers", panels.Panel("shares", _("Shared with"), "parties/shares.html", shared_on_card, "side", 70)
)
