"""Filling in the file of a customer, a few fields at a time, and saying what customers are to each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.commands import create
from clientier.core.errors import DomainError, NotAllowed, NotFound
from clientier.kit import formats, resource
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import next_of, tell
from clientier.kit.questions import Question
from clientier.rooms.parties import charts
from clientier.rooms.parties.choices.profiles import GROUPS
from clientier.rooms.parties.commands import relations
from clientier.rooms.parties.models import Address, Contact, Customer, Relation
from clientier.rooms.parties.queries import maps
from clientier.rooms.parties.queries.profiles import MODELS, may_fill_in, profile_of
from clientier.rooms.parties.queries.relations import ways_to_relate
from clientier.rooms.people.choices import MapService
from clientier.rooms.people.queries import organisation

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RelateForm(forms.Form):
    """What one end is to another, said from this end: the other end is a customer, or a person there."""

    way = forms.ChoiceField(label=gettext_lazy("This one is"))
    other: forms.ModelChoiceField[Customer] = forms.ModelChoiceField(
        None, label=gettext_lazy("Customer"), required=False
    )
    other_contact: forms.ModelChoiceField[Contact] = forms.ModelChoiceField(
        None, label=gettext_lazy("or a person"), required=False
    )
    contact: forms.ModelChoiceField[Contact] = forms.ModelChoiceField(
        None, label=gettext_lazy("By way of our contact"), required=False, empty_label=""
    )
    since = forms.DateField(label=pgettext_lazy("relation", "Since"), required=False, widget=DAY)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def __init__(self, data: Any, *, actor: Actor, customer: Customer, **options: Any) -> None:
        super().__init__(data, **options)
        chosen: dict[str, Any] = self.fields
        chosen["way"].choices = ways_to_relate()
        for name, model, slug in (("other", Customer, "customers"), ("other_contact", Contact, "contacts")):
            chosen[name].queryset = access.visible(actor, model).order_by("pk")
            chosen[name].widget = kit_forms.Picker(attrs={"data-picker": reverse(f"{slug}-pick")})
            chosen[name].widget.choices = chosen[name].choices
        ours = access.visible(actor, Contact).filter(customer=customer)
        chosen["contact"].queryset = ours.order_by("sort_key", "pk")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if not facts.get("other") and not facts.get("other_contact") and not self.errors:
            raise ValidationError(_("Choose the other end: a customer, or a person there."))
        return facts

    def changes(self, customer: Customer) -> dict[str, Any]:
        """The relation that was described, from its first end to its second."""
        facts = self.cleaned_data
        kind, side = facts["way"].split(":")
        there = facts["other_contact"]
        ends = [
            (customer, facts["contact"]),
            (facts["other"] or there.customer, there),
        ]
        (first, first_contact), (second, second_contact) = ends if side == "from" else ends[::-1]
        described = {
            "kind": kind, "from_customer": first, "from_contact": first_contact,
            "to_customer": second, "to_contact": second_contact, "since": facts["since"], "note": facts["note"],
        }  # fmt: skip
        return {name: value for name, value in described.items() if value}


class EndForm(forms.Form):
    on = forms.DateField(label=pgettext_lazy("relation", "Until"), widget=DAY)


def relate(request: Asking, pk: int) -> HttpResponse:
    """Say from a card what the customer, or a contact there, is to another."""
    access.require(request.actor, Relation, "add")
    customer = access.get(request.actor, Customer, pk)
    initial = {"contact": request.GET.get("contact", "")}
    form = RelateForm(request.POST or None, actor=request.actor, customer=customer, initial=initial)
    if request.method == "POST" and form.is_valid():
        with _refusals_on(form):
            made = create(Relation, actor=request.actor, changes=form.changes(customer))
            tell(request, _("%(name)s saved") % {"name": made}, undo=True)
            return redirect(next_of(request) or link_to(customer))
    crumbs = [{"label": str(customer), "url": link_to(customer)}]
    return _form(request, form, _("Add a relation"), crumbs)


def end_relation(request: Asking, pk: int) -> HttpResponse:
    """The relation is over since a day: it stays on both cards, as one that has ended."""
    relation = access.get(request.actor, Relation, pk, "change")
    form = EndForm(request.POST or None, initial={"on": request.setting.today.isoformat()})
    if request.method == "POST" and form.is_valid():
        with _refusals_on(form):
            relations.end_relation(relation, actor=request.actor, on=form.cleaned_data["on"])
            tell(request, _("Ended: %(name)s") % {"name": relation}, undo=True)
            return redirect(next_of(request) or link_to(relation))
    crumbs = [{"label": str(relation), "url": link_to(relation)}]
    return _form(request, form, _("End: %(name)s") % {"name": relation}, crumbs)


@contextmanager
def _refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """What a command refuses is said on the form."""
    try:
        yield
    except (DomainError, ValidationError) as refusal:
        kit_forms.say_refusal(form, refusal)


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
        with _refusals_on(form):
            if profile:
                shown.update(profile, actor=request.actor, changes=kit_forms.changes(form))
            elif form.has_changed():
                facts = {**kit_forms.filled(form), "customer": customer}
                shown.create(shown.model, actor=request.actor, changes=facts)
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


@require_GET
def places(request: Asking) -> HttpResponse:
    """The customers of a list as points, with the ways to a map."""
    access.require(request.actor, Customer, "view")
    access.require(request.actor, Address, "view")
    question = Question.parse(request.GET)
    service = organisation().map_service
    found, more = maps.points(request.actor, question, request.setting.today, service)
    back = f"{reverse('customers-list')}?{question.query()}"
    context = {
        "chart": charts.places(found, str(MapService(service).label)) if found else None,
        "more": more,
        "most": formats.number(maps.MOST_POINTS),
        "crumbs": [{"label": _("Customers"), "url": back}],
    }
    return render(request, "parties/map.html", context)
