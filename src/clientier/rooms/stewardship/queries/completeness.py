"""How complete cards are, by what matters for the tier: for the card, and what is missing as ways to the forms."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, Q
from django.urls import reverse

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.parties.queries.profiles import may_fill_in, profile_of
from clientier.rooms.stewardship.choices import ITEMS
from clientier.rooms.stewardship.models import Upkeep

COLUMNS = "order=upkeep__completeness&cols=name,upkeep__completeness,standing__tier,city"
NEEDED = ("completeness", "missing", "confirmed_on")


def upkeep_of(actor: Actor, customer: Customer) -> Upkeep | None:
    """The state of the card, if the actor may know it."""
    if not access.fields(actor, Upkeep).readable.issuperset(NEEDED):
        return None
    found: Upkeep | None = access.beside(actor, customer, "upkeep")
    return found


def completeness_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The score, what is missing as links to the form that takes it, and when all was last found right."""
    state = upkeep_of(actor, customer)
    if state is None:
        return None
    confirmed = state.confirmed_on
    may_confirm = actor.reach(Contact, "view") is not Reach.NONE
    return {
        "score": state.completeness,
        "missing": [
            {"label": str(ITEMS[code].label), "url": way_to(actor, customer, code)}
            for code in state.missing
            if code in ITEMS
        ],
        "confirmed": formats.since(confirmed, setting.today) if confirmed else "",
        "confirm_url": reverse("customer-confirm", args=[customer.pk]) if may_confirm else "",
    }


def missing_words(actor: Actor, customer: Customer) -> list[str]:
    """What is still to be found out, for the paper."""
    state = upkeep_of(actor, customer)
    return [str(ITEMS[code].label) for code in (state.missing if state else ()) if code in ITEMS]


def way_to(actor: Actor, customer: Customer, code: str) -> str:
    """The form that takes what is missing, if the actor may fill it in."""
    back = f"?next={reverse('customers-detail', args=[customer.pk])}"
    place = ITEMS[code].place
    if place == "profile":
        may = may_fill_in(actor, customer, profile_of(actor, customer))
        return reverse("customer-profile", args=[customer.pk, code]) + back if may else ""
    if place == "contact":
        return _way_to_contact(actor, customer, code, back)
    may = access.may(actor, customer, "change")
    field = {"registration": "registration_number"}.get(code, code)
    return f"{reverse('customers-update', args=[customer.pk])}{back}#id_{field}" if may else ""


def _way_to_contact(actor: Actor, customer: Customer, code: str, back: str) -> str:
    """The contact whose form lacks it, or a new one."""
    there = access.visible(actor, Contact, "change").filter(customer=customer, left_on__isnull=True)
    if code == "attitude":
        there = there.filter(decision_role="decider")
    if code != "contact" and (first := there.order_by("pk").first()):
        return reverse("contacts-update", args=[first.pk]) + back
    if actor.reach(Contact, "add") is Reach.NONE:
        return ""
    return f"{reverse('contacts-create')}{back}&customer={customer.pk}"


def by_owner(actor: Actor) -> list[dict[str, Any]]:
    """How complete the cards of each account manager in reach are, on average, the least complete first."""
    if not access.can_read(actor, Customer, "upkeep__completeness"):
        return []
    found = (
        access.visible(actor, Customer)
        .filter(owner__isnull=False, upkeep__isnull=False)
        .values("owner", "owner__name")
        .annotate(
            cards=Count("pk"),
            average=Avg("upkeep__completeness"),
            key_average=Avg("upkeep__completeness", filter=Q(standing__tier__in=("important", "major"))),
        )
        .order_by("average", "owner")
    )
    base = reverse("customers-list")
    return [
        {
            "name": row["owner__name"],
            "cards": row["cards"],
            "average": round(row["average"]),
            "key_average": None if row["key_average"] is None else round(row["key_average"]),
            "url": f"{base}?f=owner:in:{row['owner']}&{COLUMNS}",
        }
        for row in found
    ]
