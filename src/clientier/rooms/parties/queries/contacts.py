"""The people at a customer, for its card."""

from __future__ import annotations

from typing import Any

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit.cells import Setting
from clientier.rooms.parties.choices.contacts import Attitude
from clientier.rooms.parties.models import Contact, Customer

TONES = {Attitude.SUPPORTER: "good", Attitude.OPPONENT: "bad"}


def people_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The contacts that are still there, deciders first."""
    if actor.reach(Contact, "view") is Reach.NONE:
        return None
    found = access.visible(actor, Contact).filter(customer=customer, left_on__isnull=True)
    people = sorted(found, key=lambda person: (person.decision_role != "decider", person.sort_key))
    readable = access.fields(actor, Contact).readable
    return (
        {
            "people": [
                {"contact": person, "tone": TONES.get(person.attitude, "")}  # type: ignore[call-overload]
                for person in people[:8]
            ],
            "shows_phone": "phone" in readable,
        }
        if people
        else None
    )
