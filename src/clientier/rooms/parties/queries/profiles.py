"""Profiles: what is known of a customer, group by group, and what is still to be found out."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import detail, resource
from clientier.kit.cells import Setting
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.choices.profiles import BESIDE_OTHERS, GROUPS
from clientier.rooms.parties.models import CompanyProfile, Customer, PersonProfile

Profile = CompanyProfile | PersonProfile
MODELS: dict[str, type[Profile]] = {CustomerKind.COMPANY: CompanyProfile, CustomerKind.PERSON: PersonProfile}
BESIDE: dict[type[Profile], str] = {CompanyProfile: "company_profile", PersonProfile: "person_profile"}


def profile_of(actor: Actor, customer: Customer, action: str = "view") -> Profile | None:
    """The customer's profile as far as the actor may do this with it; there may be none yet."""
    model = MODELS[customer.kind]
    if action == "view":
        found: Profile | None = access.beside(actor, customer, BESIDE[model])
        return found
    return access.visible(actor, model, action).filter(customer=customer.pk).first()


def may_fill_in(actor: Actor, customer: Customer, profile: Profile | None) -> bool:
    """Whether the actor may change this profile, or begin one where there is none."""
    model = MODELS[customer.kind]
    if profile is not None:
        return access.may(actor, profile, "change")
    if actor.reach(model, "add") is Reach.NONE:
        return False
    unseen = access.rows(actor, model)  # where all are seen, the one that was not found is not there
    return not unseen or not model._default_manager.filter(customer=customer.pk).exists()


def profile_on_card(actor: Actor, customer: Customer, setting: Setting) -> dict[str, Any] | None:
    """The groups that hold something, and by name those that are empty and may be filled in."""
    model = MODELS[customer.kind]
    shown = resource.of(model)
    if shown is None or actor.reach(model, "view") is Reach.NONE:
        return None
    profile = profile_of(actor, customer)
    writable = may_fill_in(actor, customer, profile)
    allowed = access.fields(actor, model).writable
    back = reverse("customers-detail", args=[customer.pk])
    filled, empty = [], []
    for slug, group in GROUPS[customer.kind].items():
        names = [name for name in group.fields if name not in BESIDE_OTHERS]
        facts = detail.facts(shown, actor, profile, setting, names) if profile else []
        url = reverse("customer-profile", args=[customer.pk, slug])
        may = writable and not allowed.isdisjoint(names)
        described = {"title": group.title, "facts": facts, "edit_url": f"{url}?next={back}" if may else ""}
        if facts:
            filled.append(described)
        elif may:
            empty.append(described)
    if not filled and not empty:
        return None
    more = reverse(f"{shown.slug}-detail", args=[profile.pk]) if profile else ""
    return {"filled": filled, "empty": empty, "more_url": more}
