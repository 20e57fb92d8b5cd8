"""Which customers are shared with whom at a moment, by whom, and who asks for more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach, Shares
from clientier.core.errors import NotAllowed
from clientier.core.prepared import Prepared
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Customer, LoanRequest, Share

KIND = "parties.customer"
CHANGING = ("change", "add")
SHOWN = 20
SHARES = Referring(Share, "customer")


def holding(now: dt.datetime) -> QuerySet[Share]:
    """The shares in force: not ended or over, by who may still sign in, of customers not handed over since."""
    same_owner = Q(owner_then=F("customer__owner")) | Q(owner_then=None, customer__owner=None)
    in_time = Q(until=None) | Q(until__gt=now)
    return Share.objects.filter(in_time, same_owner, ended_at=None, granted_by__is_active=True)


_shared_with = Prepared(
    lambda user, teams, now: (
        holding(now)
        .filter(Q(user=user) | Q(team__in=teams))
        .order_by()
        .values_list("customer_id", "may_change")
    )
)


def shares_for(user_id: int, teams: frozenset[int], now: dt.datetime) -> Shares:
    """The keys of the customers shared with this user or one of these teams, by what may be done with them."""
    found = _shared_with.rows(user_id, sorted(teams), now)
    if not found:
        return {}
    seen = frozenset(customer for customer, _may_change in found)
    changeable = frozenset(customer for customer, may_change in found if may_change)
    return {(KIND, "view"): seen, **dict.fromkeys(((KIND, action) for action in CHANGING), changeable)}


def may_share(actor: Actor, customer: Customer) -> bool:
    """Whether the actor may open this customer to others: sharing reaches so far, and what was shared does not count.

    The right to add a share is asked of the customer itself: there is no share yet to ask it of.
    """
    as_far = replace(actor, grants={**actor.grants, (KIND, "view"): actor.reach(Share, "add")})
    return access.may(as_far.by_right(), customer, "view")


def may_let_change(actor: Actor, customer: Customer) -> bool:
    return access.may(actor.by_right(), customer, "change")


def shared_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """With whom the customer is shared now, by whom and until when, and the way to share it or to end that."""
    if actor.reach(Share, "view") is Reach.NONE or not SHARES.may_be(customer):
        return None
    found = access.visible(actor, Share).filter(customer=customer.pk, pk__in=holding(timezone.now()))
    found = found.select_related(None).select_related("user", "team", "granted_by").order_by("until", "pk")
    shares = list(found[:SHOWN])
    if not shares:
        return None
    ending = may_share(actor, customer)
    return {"shares": [_told(share, ending or share.user_id == actor.user_id) for share in shares]}


def last_day(until: dt.datetime) -> str:
    """The last day of a loan: it is over with the moment at which that day is."""
    return formats.day(timezone.localtime(until - dt.timedelta(microseconds=1)).date())


def _told(share: Share, may_end: bool) -> dict[str, Any]:
    until = _("until %(day)s") % {"day": last_day(share.until)} if share.until else ""
    return {
        "whom": share.user or share.team,
        "right": _("may change") if share.may_change else _("may see"),
        "until": until,
        "by": share.granted_by,
        "reason": share.reason,
        "end_url": reverse("share-end", args=[share.pk]) if may_end else "",
    }


def sharing_offered(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    """The button by which a customer is shared or lent, for who may."""
    if not may_share(actor, customer):
        return []
    url = reverse("customer-share", args=[customer.pk])
    return [{"label": _("Share or lend"), "url": url, "icon": "share"}]


def lent_to(actor: Actor, now: dt.datetime) -> QuerySet[Share]:
    """What others have lent or shared with the actor in person, the soonest to end first."""
    return holding(now).filter(user=actor.user_id).select_related("granted_by").order_by("until", "pk")


def open_requests(actor: Actor) -> list[tuple[LoanRequest, list[Customer]]]:
    """The requests that the actor may grant, each with the customers it may mean; administrators see all."""
    if actor.reach(Share, "add") is Reach.NONE:
        return []
    waiting = LoanRequest.objects.filter(answered_at=None).exclude(asked_by=actor.user_id)
    meant = [
        (each, meant_by(actor, each))
        for each in waiting.select_related("asked_by").order_by("asked_at", "pk")
    ]
    return [(each, customers) for each, customers in meant if customers or actor.unlimited]


def meant_by(actor: Actor, request: LoanRequest) -> list[Customer]:
    """The customers with exactly this name or number that the actor may lend."""
    named = Q(name__iexact=request.wanted) | Q(external_id__iexact=request.wanted)
    found = access.visible(actor.by_right(), Customer).filter(named).order_by("pk")[:SHOWN]
    return [customer for customer in found if may_share(actor, customer)]


def refuse_to_reopen(share: Share, actor: Actor) -> None:
    """Whatever brings a share back into force asks for the right to share."""
    if share.ended_at is None and not may_share(actor, share.customer):
        raise NotAllowed


def own_requests(actor: Actor) -> QuerySet[LoanRequest]:
    """What the actor has asked for, the latest first."""
    return LoanRequest.objects.filter(asked_by=actor.user_id).order_by("-asked_at", "-pk")[:SHOWN]
