"""Why somebody can or cannot see a customer: the rule by name, for administrators, on the card."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import panels
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Customer
from clientier.rooms.parties.queries.customers import holds
from clientier.rooms.parties.queries.shares import holding, last_day
from clientier.rooms.people.models import User
from clientier.rooms.people.queries import actor_of, colleagues

ASKED_ABOUT = {"view": gettext_lazy("See"), "change": gettext_lazy("Change")}


def reasons_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """Who may ask picks a user; the answer names each way by which the customer is in reach, or why it is in none."""
    if not actor.unlimited:
        return None
    people = list(colleagues().select_related("role", "team", "territory"))
    chosen = next((user for user in people if str(user.pk) == setting.asked.get("why")), None)
    answers = []
    if chosen:
        asked = actor_of(chosen)
        answers = [
            {
                "action": words,
                "reasons": found or [_why_not(asked, chosen, customer, action)],
                "can": bool(found),
            }
            for action, words in ASKED_ABOUT.items()
            for found in [why(asked, chosen, customer, action)]
        ]
    return {"people": people, "chosen": chosen, "answers": answers}


def why(asked: Actor, user: User, customer: Customer, action: str) -> list[str]:
    """The ways by which this user may do the action to the customer, in words; none if there is none."""
    reach = asked.reach(Customer, action)
    if asked.unlimited:
        return [_("is an administrator")]
    if reach is Reach.ALL:
        return [_("the role %(role)s reaches all customers") % {"role": user.role}]
    if reach is Reach.NONE:
        return []
    (ways,) = access.ways_to(asked, Customer, action)
    found = [name for name, rule in ways.items() if holds(customer, rule)]
    if "team" in found and customer.owner_id == user.pk:
        found[found.index("team")] = "own"
    return [words for name in found for words in _words(name, user, customer, action)]


def _words(way: str, user: User, customer: Customer, action: str) -> list[str]:
    if way == "own":
        return [_("is the account manager")]
    if way == "team":
        names = {"owner": customer.owner, "team": customer.owner.team if customer.owner else ""}
        return [_("%(owner)s, the account manager, is in the team %(team)s") % names]
    if way == "territory":
        return [
            _("the territory %(territory)s is theirs, or lies within theirs")
            % {"territory": customer.territory}
        ]
    asked = actor_of(user)
    found = holding(timezone.now()).filter(Q(user=user.pk) | Q(team__in=asked.teams), customer=customer.pk)
    found = found.filter(may_change=True) if action == "change" else found
    return [_share_words(share) for share in found.select_related("granted_by", "team")]


def _share_words(share: Any) -> str:
    names = {"by": share.granted_by, "team": share.team or ""}
    if share.until:
        names["until"] = last_day(share.until)
        return _("lent by %(by)s until %(until)s") % names
    return (_("shared with the team %(team)s by %(by)s") if share.team else _("shared by %(by)s")) % names


def _why_not(asked: Actor, user: User, customer: Customer, action: str) -> str:
    if asked.reach(Customer, action) is Reach.NONE:
        return _("the role %(role)s gives no such right to customers") % {"role": user.role}
    reaches = {
        Reach.OWN: _("the role %(role)s reaches own customers; this one is looked after by %(owner)s"),
        Reach.TEAM: _("the role %(role)s reaches those of the team; this one is looked after by %(owner)s"),
        Reach.TERRITORY: _(
            "the role %(role)s reaches those of team and territory; this one is looked after by %(owner)s"
        ),
    }
    names = {"role": user.role, "owner": customer.owner or _("nobody")}
    return reaches[asked.reach(Customer, action)] % names


def stand_on_card() -> None:
    """Put the question on the customer's card."""
    title = gettext_lazy("Who sees this, and why")
    panels.add(
        "customers", panels.Panel("why-seen", title, "site/why_seen.html", reasons_on_card, "side", 90)
    )
