"""The roles that a new installation begins with; afterwards they are data, changed in the settings."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from clientier.core.actor import Reach
from clientier.rooms.people.models import Grant, Organisation, Role

SHARED = (
    "people.user", "people.team", "people.territory", "catalog.product", "catalog.category", "catalog.component",
    "catalog.costchange", "catalog.warehouse", "trade.currencyrate", "trade.stocklevel",
    "trade.stockmove", "value.valuerun",
)  # fmt: skip
CUSTOMERS = (
    "parties.customer", "parties.contact", "parties.address", "parties.companyprofile", "parties.personprofile",
    "parties.relation", "parties.share", "parties.consent", "activities.task", "activities.interaction",
    "catalog.pricelist", "catalog.price", "catalog.installation", "trade.order", "trade.orderline",
    "trade.costtoserve", "trade.delivery", "trade.deliveryline", "trade.invoice", "trade.invoiceline",
    "trade.payment", "trade.settlement", "trade.posting", "trade.reservation",
    "value.standing", "value.score", "value.move",
    "duplicates.duplicatepair", "duplicates.merge", "duplicates.contactpair", "duplicates.contactmerge",
    "duplicates.personpair",
    "stewardship.upkeep", "stewardship.confirmation", "stewardship.takencard", "stewardship.handoverbrief",
)  # fmt: skip
CREDIT = (
    "trade.creditlimit",
    "trade.creditscore",
    "trade.limitproposal",
)  # seen by all, decided by who leads
COLLECTING = ("trade.paymentpromise", "trade.dunningnotice")
LED = ("stewardship.review", "stewardship.handover", "kit.savedview")  # for those who may hand over alone
WORKING = ("view", "add", "change", "export")
LEADING = ("view", "add", "change", "delete", "export", "import", "hand_over")

# code: name, actions on customers and what belongs to them, their reach
ROLES: dict[str, tuple[str, tuple[str, ...], Reach]] = {
    "administrator": (gettext_noop("Administrator"), LEADING, Reach.ALL),
    "sales_manager": (gettext_noop("Sales manager"), LEADING, Reach.ALL),
    "account_manager": (gettext_noop("Account manager"), WORKING, Reach.TERRITORY),
    "sales_rep": (gettext_noop("Sales representative"), WORKING, Reach.OWN),
    "service": (gettext_noop("Service"), ("view", "add", "change"), Reach.TEAM),
    "viewer": (gettext_noop("Viewer"), ("view",), Reach.ALL),
}


@transaction.atomic
def lay_down() -> None:
    """Make the company and the roles if they are missing; what is there already is left as it is."""
    Organisation.objects.get_or_create(pk=1)
    for code, (name, actions, reach) in ROLES.items():
        role, made = Role.objects.get_or_create(
            code=code, defaults={"name": name, "is_administrator": code == "administrator"}
        )
        if made and not role.is_administrator:
            Grant.objects.bulk_create(_grants(role, actions, reach))


def _grants(role: Role, actions: tuple[str, ...], reach: Reach) -> list[Grant]:
    own = [Grant(role=role, record=record, action=a, reach=reach) for record in CUSTOMERS for a in actions]
    shared_actions = [a for a in actions if a in ("view", "export")]
    if "import" in actions:
        shared_actions = list(actions)
    shared = [
        Grant(role=role, record=record, action=a, reach=Reach.ALL)
        for record in SHARED
        for a in (shared_actions if not record.startswith("people.") else ["view"])
    ]
    asking = [
        Grant(role=role, record="parties.loanrequest", action=a, reach=Reach.ALL) for a in ("view", "add")
    ]
    led = [
        Grant(role=role, record=record, action=a, reach=reach)
        for record in LED
        for a in actions
        if "hand_over" in actions
    ]
    return own + shared + asking + led + _credit_grants(role, actions, reach)


def _credit_grants(role: Role, actions: tuple[str, ...], reach: Reach) -> list[Grant]:
    """Whoever works with customers collects from them; limits, and the texts of reminders, are for who leads."""
    leads = "hand_over" in actions
    decided = [a for a in ("view", "export") if a in actions] + (["add", "change"] if leads else [])
    collected = [a for a in ("view", "export", "add", "change") if a in actions]
    texts = ["view", "export", "add", "change", "delete"] if leads else ["view"]
    return [
        *(Grant(role=role, record=record, action=a, reach=reach) for record in CREDIT for a in decided),
        *(Grant(role=role, record=record, action=a, reach=reach) for record in COLLECTING for a in collected),
        *(Grant(role=role, record="trade.dunningtext", action=a, reach=Reach.ALL) for a in texts),
    ]
