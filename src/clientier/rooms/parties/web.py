"""Filling in the file of a customer, a few fields at a time."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.kit import forms as kit_forms
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import next_of, tell
from clientier.rooms.parties.choices.profiles import GROUPS
from clientier.rooms.parties.models import Customer
from clientier.rooms.parties.queries.profiles import MODELS, may_fill_in, profile_of


def profile_group(request: Asking, pk: int, group: str) -> HttpResponse:
    """One group of a customer's profile as a short form; the profile is made when first there is something in it."""
    customer = access.get(request.actor, Customer, pk)
    section, shown = GROUPS[customer.kind].get(group), resource.of(MODELS[customer.kind])
    if section is None or shown is None:
        raise NotFound
    profile = profile_of(request.actor, customer, "view")
    if not may_fill_in(request.actor, customer, profile):
        raise NotAllowed
    form = kit_forms.form_class(shown, request.actor, section.fields)(request.POST or None, instance=profile)
    if profile:
        kit_forms.remember_what_was_shown(form)
    if request.method == "POST" and form.is_valid() and not kit_forms.refuse_what_changed_meanwhile(form):
        try:
            if profile:
                shown.update(profile, actor=request.actor, changes=kit_forms.changes(form))
            elif form.has_changed():
                facts = {**kit_forms.filled(form), "customer": customer}
                shown.create(shown.model, actor=request.actor, changes=facts)
        except (DomainError, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            tell(request, _("%(name)s saved") % {"name": section.title}, undo=True)
            return redirect(next_of(request) or link_to(customer))
    crumbs = [{"label": str(customer), "url": link_to(customer)}]
    return _form(request, form, str(section.title), crumbs, f"profile:{pk}:{group}")


def _form(
    request: Asking, form: Any, title: str, crumbs: list[dict[str, str]], draft: str = ""
) -> HttpResponse:
    page = {
        "title": title,
        "crumbs": crumbs,
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": _("Save"),
        "cancel_url": crumbs[-1]["url"],
        "draft_key": draft,
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)
