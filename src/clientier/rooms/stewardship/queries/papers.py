"""What the card of a customer says on paper: the same facts as on the screen, under the same rights, in words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.coded import named
from clientier.kit import detail, formats, resource, timeline
from clientier.kit.cells import Setting
from clientier.rooms.activities.models import Task
from clientier.rooms.activities.queries import open_tasks, task_facts
from clientier.rooms.parties.models import Address, Contact, Customer
from clientier.rooms.parties.queries.contacts import people_on_card
from clientier.rooms.parties.queries.relations import relations_on_card
from clientier.rooms.stewardship.queries.completeness import missing_words
from clientier.rooms.value.queries import card

KNOWN = (
    "external_id", "kind", "other_names", "phone", "email", "website", "industry", "employees",
    "registration_number", "owner", "territory", "parent", "first_seen",
)  # fmt: skip
HAPPENINGS = 5
TASKS = 6
RELATIONS = 6


def paper(actor: Actor, setting: Setting, cards: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """All that the document is filled with: the cards, the words around them, who printed it and when."""
    printed = timezone.localtime(timezone.now())
    return {
        "cards": cards,
        "words": {
            "who": _("Who they are"), "value": _("Value"), "why": _("Why this judgement"),
            "statement": _("Profit statement · 12 months"), "months": _("Net profit by month"),
            "people": _("People"), "relations": _("Relations"), "happened": _("What happened last"),
            "tasks": _("What to do next"), "notes": _("Notes of the visit"), "note": _("Note"),
            "none": _("Nothing is planned."), "find_out": _("To find out"),
        },
        "footer": _("Internal · %(user)s · %(moment)s")
        % {"user": actor.name, "moment": formats.moment(printed)},
        "page": _("Page %(number)s of %(all)s") % {"number": "{number}", "all": "{all}"},
        **more,
    }  # fmt: skip


def card_as_paper(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any]:
    """One card, as far as the actor may read it."""
    figures = card.figures(actor, customer, setting)
    statement = card.statement(actor, customer, setting)
    why = card.explained(actor, customer, setting)
    return {
        "name": str(customer),
        "badges": [badge.text for badge in card.badges(actor, customer, setting)],
        "who": [*_known(actor, customer, setting), *_addresses(actor, customer)],
        "note": customer.note if access.can_read(actor, Customer, "note") else "",
        "figures": [
            {"label": str(kpi["label"]), "value": kpi["value"], "hint": str(kpi.get("hint", ""))}
            for kpi in (figures or {"kpis": []})["kpis"]
        ],
        "statement": [
            {
                "label": str(row["label"]), "amount": row["amount"],
                "sum": bool(row.get("sum")), "memo": bool(row.get("memo")),
            }
            for row in (statement or {"rows": []})["rows"]
        ],
        "why": [
            {"label": str(item["label"]), "since": item["since"], "why": str(item["why"])}
            for item in (why or {"items": []})["items"]
        ],
        "months": _months(actor, customer),
        **_people(actor, customer, setting),
        "relations": _relations(actor, customer, setting),
        "happened": _happened(actor, customer, setting),
        "tasks": _tasks(actor, customer, setting),
        "find_out": missing_words(actor, customer),
    }  # fmt: skip


def _known(actor: Actor, customer: Customer, setting: Setting) -> list[dict[str, str]]:
    shown = resource.REGISTRY["customers"]
    told = detail.facts(shown, actor, customer, setting, KNOWN)
    return [{"label": fact["label"], "text": fact["cell"].text} for fact in told]


def _addresses(actor: Actor, customer: Customer) -> list[dict[str, str]]:
    """Where they are: the addresses, or else the city and country of the customer itself."""
    if access.can_read(actor, Address, "line"):
        found = access.visible(actor, Address).filter(customer=customer).order_by("pk")[:2]
        if told := [{"label": each.get_kind_display(), "text": str(each)} for each in found]:
            return told
    places = [
        named(customer, name)
        for name in ("city", "region", "country")
        if access.can_read(actor, Customer, name) and getattr(customer, name)
    ]
    return [{"label": _("Place"), "text": " · ".join(places)}] if places else []


def _months(actor: Actor, customer: Customer) -> list[float]:
    score = card.standing_for(actor, customer, "months", "net_profit")
    return [float(amount) for amount in score.months] if score else []


def _people(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any]:
    """The contacts that matter most, and how many more there are."""
    told = people_on_card(actor, customer, setting) or {"people": []}
    people = [
        {
            "name": str(person["contact"]),
            "title": person["title"],
            "about": " · ".join(filter(None, (*person["parts"], person["attitude"]))),
            "phone": _("do not contact") if person["avoided"] else person["phone"],
            "best": "" if person["avoided"] else person["preferred"],
        }
        for person in told["people"]
    ]
    number = 0
    if actor.reach(Contact, "view") is not Reach.NONE:
        number = access.visible(actor, Contact).filter(customer=customer, left_on__isnull=True).count()
    more = max(0, number - len(people))
    words = ngettext("and %(number)d more contact", "and %(number)d more contacts", more)
    return {"people": people, "more_people": words % {"number": more} if more else ""}


def _relations(actor: Actor, customer: Customer, setting: Setting) -> list[str]:
    told = relations_on_card(actor, customer, setting) or {"held": []}
    return [f"{each['kind']} {each['contact'] or each['customer']}" for each in told["held"][:RELATIONS]]


def _happened(actor: Actor, customer: Customer, setting: Setting) -> list[dict[str, str]]:
    found = timeline.page("customers", actor, customer).happenings[:HAPPENINGS]
    return [
        {"day": formats.day(timezone.localtime(each.at).date()), "title": each.title, "text": each.text}
        for each in found
    ]


def _tasks(actor: Actor, customer: Customer, setting: Setting) -> list[dict[str, str]]:
    if not access.can_read(actor, Task, "title"):
        return []
    found = [task_facts(task, setting) for task in open_tasks(actor).filter(customer=customer)[:TASKS]]
    return [
        {
            "due": task["due"],
            "title": str(task["title"]),
            "why": str(task["why"]),
            "who": str(task["task"].assigned_to),
        }
        for task in found
    ]
