"""A day of visits: choose whose cards go along, print them, look at them on the phone, bring them back with notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.errors import DomainError
from clientier.core.outside import whole_numbers
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.pages import tell
from clientier.rooms.activities.queries import title_words
from clientier.rooms.parties.models import Contact, Customer
from clientier.rooms.stewardship.commands import packs as commands
from clientier.rooms.stewardship.models import TakenCard
from clientier.rooms.stewardship.queries import packs, papers
from clientier.rooms.stewardship.web.papers import printed

VISIT_MINUTES = 60


class ReturnForm(forms.Form):
    """What came of a visit, quickly: all may be left empty."""

    summary = forms.CharField(
        label=gettext_lazy("What came of it"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes spent"), min_value=0, max_value=1440, initial=VISIT_MINUTES, required=False,
        help_text=gettext_lazy("With travel."),
    )  # fmt: skip
    contact: forms.ModelChoiceField[Contact] = forms.ModelChoiceField(
        None, label=gettext_lazy("Spoken with"), required=False, empty_label=""
    )
    next_title = forms.CharField(label=gettext_lazy("Next step"), required=False, max_length=200)
    next_on = forms.DateField(
        label=gettext_lazy("Next on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, actor: Actor, card: TakenCard) -> None:
        super().__init__(data)
        there = access.visible(actor, Contact).filter(customer=card.customer_id, left_on__isnull=True)
        chosen: Any = self.fields["contact"]
        chosen.queryset = there.order_by("sort_key", "pk")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if facts.get("next_title") and not facts.get("next_on"):
            self.add_error("next_on", _("Say when, so that the next step becomes a task."))
        return facts


@require_GET
def pack(request: Asking) -> HttpResponse:
    """The day on one page: visits that are planned, cards that are out, cards that are back."""
    access.require(request.actor, TakenCard, "view")
    actor, today = request.actor, request.setting.today
    out = packs.stops(actor, today, request.setting)
    taken = {stop["card"].customer_id for stop in out}
    context = {
        "day": formats.day(today),
        "planned": [
            {
                "customer": visit.customer,
                "at": f"{timezone.localtime(visit.at):%H:%M}" if visit.at else "",
                "why": " · ".join(title_words(task) for task in visit.tasks),
            }
            for visit in packs.visits(actor, today)
            if visit.customer.pk not in taken
        ],
        "stops": out,
        "left_out": [
            {"card": card, "day": formats.day(card.day), "own": card.user_id == actor.user_id,
             "url": reverse("pack-return", args=[card.pk])}
            for card in packs.out_too_long(actor, today)[:20]
        ],
    }  # fmt: skip
    return render(request, "stewardship/pack.html", context)


@require_POST
def take(request: Asking) -> HttpResponse:
    """Take the cards along whose boxes are ticked."""
    keys = whole_numbers(request.POST.getlist("customer"))
    chosen = {c.pk: c for c in access.visible(request.actor, Customer).filter(pk__in=keys)}
    ticked = [chosen[key] for key in keys if key in chosen]  # in the order of the page
    taken = commands.take_pack(ticked, actor=request.actor, day=request.setting.today, at=timezone.now())
    number = len(taken)
    words = ngettext("%(number)d card taken along", "%(number)d cards taken along", number)
    if number:
        tell(request, words % {"number": number}, undo=True)
    else:
        messages.warning(request, _("Tick the customers first. Nothing was changed."))
    return redirect("pack")


@require_POST
def move(request: Asking, pk: int) -> HttpResponse:
    """One place earlier in the order of the day."""
    card = access.get(request.actor, TakenCard, pk, "change")
    cards = list(packs.taken(request.actor, card.day))
    position = next((n for n, each in enumerate(cards) if each.pk == card.pk), 0)
    if position:
        cards[position - 1], cards[position] = cards[position], cards[position - 1]
    for place, each in enumerate(cards, start=1):
        if each.place != place and not each.returned_at:
            commands.put_in_order(each, actor=request.actor, place=place)
    return redirect("pack")


def bring_back(request: Asking, pk: int) -> HttpResponse:
    """Return a card, with the notes of the visit."""
    card = access.get(request.actor, TakenCard, pk, "change")
    form = ReturnForm(request.POST or None, actor=request.actor, card=card)
    if request.method == "POST" and form.is_valid():
        try:
            commands.bring_back(card, actor=request.actor, at=timezone.now(), notes=form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, _("Brought back: %(name)s") % {"name": card.customer}, undo=True)
            return redirect("pack")
    page = {
        "title": _("Bring back: %(name)s") % {"name": card.customer},
        "crumbs": [{"label": _("Visits today"), "url": reverse("pack")}],
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": pgettext("card", "Bring back"),
        "cancel_url": reverse("pack"),
        "draft_key": f"card-back:{pk}",
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


@require_GET
def paper(request: Asking) -> HttpResponse:
    """All cards that are out today as one file, behind a page with the order of the visits."""
    actor, setting = request.actor, request.setting
    access.require(actor, TakenCard, "view")
    stops = packs.stops(actor, setting.today, setting)
    if not stops:
        messages.warning(request, _("No card is taken along today. Tick the customers first."))
        return redirect("pack")
    day = formats.day(setting.today)
    cards = [papers.card_as_paper(actor, stop["card"].customer, setting) for stop in stops]
    facts = papers.paper(actor, setting, cards, cover=packs.cover(day, actor.name, stops))
    return printed(facts, _("Visits %(day)s") % {"day": f"{setting.today:%Y-%m-%d}"})
