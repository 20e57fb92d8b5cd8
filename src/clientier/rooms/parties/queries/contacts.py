"""The people at a customer, and the other posts of one person, for their cards."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.channels import Channel, channels_in
from clientier.kit import formats
from clientier.kit.cells import UNSEEN, Cell, Setting
from clientier.rooms.parties.choices.contacts import Attitude, DecisionRole, Influence
from clientier.rooms.parties.models import Contact, Customer

TONES = {Attitude.SUPPORTER: "good", Attitude.OPPONENT: "bad"}
INFLUENCE_WORDS = {
    Influence.HIGH: _("high influence"),
    Influence.MEDIUM: _("some influence"),
    Influence.LOW: _("low influence"),
}
SHOWN = 8
LOOKED_AT = 50
COLLEAGUES = 500


def people_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The contacts, deciders first; those who have left stand apart."""
    if actor.reach(Contact, "view") is Reach.NONE:
        return None
    found = list(
        access.visible(actor, Contact).filter(customer=customer).order_by("sort_key", "pk")[:LOOKED_AT]
    )
    if not found:
        return None
    readable = access.fields(actor, Contact).readable
    knows_who_left = "left_on" in readable
    there = [person for person in found if person.left_on is None]
    there.sort(key=lambda person: person.decision_role != DecisionRole.DECIDER)
    gone = [person for person in found if person.left_on is not None and knows_who_left]
    gone.sort(key=lambda person: person.left_on or setting.today, reverse=True)
    everybody = urlencode({"f": f"customer:in:{customer.pk}"})
    return {
        "people": [_person(person, readable) for person in there[:SHOWN]],
        "left": [
            {"contact": person, "on": formats.day(person.left_on)}
            for person in gone[:SHOWN]
            if person.left_on
        ],
        "more_url": f"{reverse('contacts-list')}?{everybody}" if len(found) > SHOWN else "",
    }


def _person(person: Contact, readable: frozenset[str]) -> dict[str, Any]:
    """A contact with what stands under the name, as far as one may read it."""

    def words(*names: str) -> list[str]:
        said = {name: _word(person, name) for name in names if name in readable}
        return [word for word in said.values() if word]

    return {
        "contact": person,
        "tone": TONES.get(person.attitude, "") if "attitude" in readable else "",  # type: ignore[call-overload]
        "title": person.job_title if "job_title" in readable else "",
        "parts": words("in_charge_as", "decision_role", "influence"),
        "attitude": next(iter(words("attitude")), ""),
        "avoided": person.do_not_contact and "do_not_contact" in readable,
        "phone": person.phone if "phone" in readable else "",
        "preferred": " ".join(words("preferred_channel", "preferred_times")),
    }


def _word(person: Contact, name: str) -> str:
    value = getattr(person, name)
    if name == "influence":
        return str(INFLUENCE_WORDS.get(value, ""))
    shown = getattr(person, f"get_{name}_display", None)
    return str(shown() if shown else value)


def reach_on_card(actor: Actor, contact: Contact, setting: Setting) -> dict[str, Any] | None:
    """Every telephone and address by which one reaches the contact, a touch away unless they asked not to be."""
    readable = access.fields(actor, Contact).readable
    found = [Channel(contact.phone)] if "phone" in readable and contact.phone else []
    found += [Channel(contact.email)] if "email" in readable and contact.email else []
    found += channels_in(contact.channels) if "channels" in readable else []
    avoided = contact.do_not_contact and "do_not_contact" in readable
    if not found:
        return None
    return {
        "avoided": avoided,
        "channels": [
            {
                "channel": each,
                "url": "" if avoided else each.url,
                "icon": "mail" if each.is_email else "phone",
            }
            for each in found
        ],
    }


def left_badge(actor: Actor, contact: Contact, setting: Setting) -> list[Cell]:
    """Beside the name of somebody who has left: since when."""
    if contact.left_on is None or "left_on" not in access.fields(actor, Contact).readable:
        return []
    return [Cell("badge", gettext("left on %(day)s") % {"day": formats.day(contact.left_on)}, tone="warn")]


def posts_on_card(actor: Actor, contact: Contact, setting: Setting) -> dict[str, Any] | None:
    """The other posts of the same person that are in reach: those held now first, then those that were left."""
    others = access.visible(actor, Contact).filter(pk__in=tied_to(contact)).select_related("customer")
    named = set(access.visible(actor, Customer).filter(contacts__in=others).values_list("pk", flat=True))
    readable = access.fields(actor, Contact).readable
    posts = [
        {
            "contact": post,
            "customer": post.customer if post.customer_id in named else UNSEEN,
            "title": post.job_title if "job_title" in readable else "",
            "left": formats.day(post.left_on) if "left_on" in readable and post.left_on else "",
        }
        for post in others.order_by(F("left_on").desc(nulls_first=True), "sort_key", "pk")
    ]
    return {"posts": posts} if posts else None


def tied_to(contact: Contact) -> set[int]:
    """The keys of all posts that are tied to this one, directly or by way of others."""
    found, fresh = {contact.pk}, {contact.pk}
    while fresh:
        ties = Contact.objects.filter(Q(pk__in=fresh) | Q(same_person_as__in=fresh))
        near = {key for tie in ties.values_list("pk", "same_person_as") for key in tie if key}
        fresh = near - found
        found |= fresh
    return found - {contact.pk}


def end_of_ties(contact: Contact) -> Contact:
    """The post to which the ties from this one lead in the end."""
    passed = {contact.pk}
    while contact.same_person_as is not None and contact.same_person_as.pk not in passed:
        contact = contact.same_person_as
        passed.add(contact.pk)
    return contact


def groups_of_posts() -> list[set[int]]:
    """Everybody who has several posts, each as the keys of these posts."""
    near: dict[int, set[int]] = defaultdict(set)
    tied = Contact.objects.filter(same_person_as__isnull=False).order_by()
    for one, other in tied.values_list("pk", "same_person_as"):
        if other is not None:
            near[one].add(other)
            near[other].add(one)
    groups = []
    while near:
        found: set[int] = set()
        fresh = {next(iter(near))}
        while fresh:
            found |= fresh
            fresh = {key for each in fresh for key in near.pop(each)} - found
        groups.append(found)
    return groups


def line_on_card(actor: Actor, contact: Contact, setting: Setting) -> dict[str, Any] | None:
    """Whom the contact reports to, up to the top, and who reports to the contact."""
    readable = access.fields(actor, Contact).readable
    if "reports_to" not in readable:
        return None
    found = access.visible(actor, Contact).filter(customer=contact.customer_id)
    colleagues = {each.pk: each for each in found.order_by("sort_key", "pk")[:COLLEAGUES]}
    above: list[Contact] = []
    boss = contact.reports_to_id
    while boss in colleagues and boss != contact.pk and colleagues[boss] not in above:
        above.insert(0, colleagues[boss])
        boss = colleagues[boss].reports_to_id
    below = [each for each in colleagues.values() if each.reports_to_id == contact.pk and not each.left_on]
    if not above and not below:
        return None
    return {"above": above, "contact": contact, "below": below, "titled": "job_title" in readable}
