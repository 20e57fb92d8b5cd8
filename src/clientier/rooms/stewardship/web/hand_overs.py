"""Handing over in one reviewed step, and reading what one took over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.errors import DomainError
from clientier.core.outside import whole_number
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.people.models import Territory, User
from clientier.rooms.stewardship.choices import HandOverState, Split
from clientier.rooms.stewardship.commands import hand_overs as commands
from clientier.rooms.stewardship.models import HandOver, HandOverBrief
from clientier.rooms.stewardship.queries import briefs, papers
from clientier.rooms.stewardship.queries.hand_overs import (
    briefs_to_read,
    people,
    possible_successors,
    preview,
    territories,
)
from clientier.rooms.stewardship.web.papers import printed

SHOWN = 300


class PlanForm(forms.Form):
    """From whom, to whom, and how it is divided."""

    leaver: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        None, label=pgettext_lazy("hand-over", "From"), empty_label=""
    )
    territory: forms.ModelChoiceField[Territory] = forms.ModelChoiceField(
        None, label=gettext_lazy("Only in this territory"), required=False, empty_label="",
        help_text=gettext_lazy("For a change of territory. Left empty, all that the user answers for is handed over."),
    )  # fmt: skip
    successors: forms.ModelMultipleChoiceField[User] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Successors"), widget=forms.CheckboxSelectMultiple
    )
    split = forms.ChoiceField(label=gettext_lazy("Divided"), choices=Split.choices)
    deactivates = forms.BooleanField(
        label=gettext_lazy("The user leaves: no more signing in afterwards"), required=False
    )

    def __init__(self, data: Any, *, actor: Actor, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        fields: Any = self.fields
        fields["leaver"].queryset = people(actor)
        fields["successors"].queryset = possible_successors(actor)
        fields["territory"].queryset = territories(actor)
        if actor.reach(User, "change") is Reach.NONE:
            del fields["deactivates"]


def new(request: Asking) -> HttpResponse:
    """The first step: from whom and to whom."""
    access.require(request.actor, HandOver, "add")
    initial = {"leaver": request.GET.get("user", ""), "deactivates": request.GET.get("leaves") == "1"}
    form = PlanForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data, "successors": list(form.cleaned_data["successors"])}
        try:
            made = commands.plan_hand_over(HandOver, actor=request.actor, **facts)
        except DomainError as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            return redirect("hand-over-plan", made.pk)
    page = {
        "title": _("Hand over"),
        "crumbs": [{"label": _("Hand-overs"), "url": reverse("hand-overs-list")}],
        "form": form,
        "sections": [{"title": "", "fields": list(form)}],
        "submit_label": _("Look at the plan"),
        "cancel_url": reverse("hand-overs-list"),
        "draft_key": "",
    }
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def plan(request: Asking, pk: int) -> HttpResponse:
    """The second step: who would get what, changed one by one where need be, and then all at once."""
    found = access.get(request.actor, HandOver, pk, "change")
    error = ""
    if request.method == "POST":
        try:
            if answer := _posted(request, found):
                return answer
        except commands.PlanIsOld as refusal:
            commands.renew_plan(found, actor=request.actor)
            error = str(refusal)
        except DomainError as refusal:
            error = str(refusal)
        found = access.get(request.actor, HandOver, pk, "change")
    planned = found.state == HandOverState.PLANNED
    context = {
        "plan": found,
        "planned": planned,
        "error": error,
        "crumbs": [{"label": _("Hand-overs"), "url": reverse("hand-overs-list")}],
        "users": possible_successors(request.actor).exclude(pk=found.leaver_id),
        "split": found.get_split_display(),
        **(preview(request.actor, found, request.setting, shown=SHOWN) if planned else {}),
        "briefs": [] if planned else _briefs(found),
    }
    return render(request, "stewardship/hand_over.html", context, status=409 if error else 200)


def _posted(request: Asking, found: HandOver) -> HttpResponse | None:
    """Single choices are kept first; then, if that was asked for, everything moves."""
    posted = {name.removeprefix("to-"): request.POST.get(name, "") for name in request.POST}
    to = {
        key: user
        for key, text in posted.items()
        if key in found.plan and (user := whole_number(text)) is not None and found.plan[key] != user
    }
    others = whole_number(request.POST.get("others", ""))
    chosen = others if others != found.others_id else None
    if found.state == HandOverState.PLANNED and (to or chosen):
        found = commands.change_plan(found, actor=request.actor, to=to, others=chosen)
    if request.POST.get("do") != "hand_over":
        return redirect("hand-over-plan", found.pk)
    commands.carry_out(found, actor=request.actor, at=timezone.now(), today=request.setting.today)
    tell(request, _("Handed over: all that %(name)s answered for") % {"name": found.leaver}, undo=True)
    return redirect("hand-over-plan", found.pk)


def _briefs(found: HandOver) -> list[dict[str, Any]]:
    rows = found.briefs.select_related("customer", "successor").order_by(
        "successor__name", "customer__sort_key", "pk"
    )
    return [{"brief": brief, "url": reverse("brief", args=[brief.pk])} for brief in rows]


def brief(request: Asking, pk: int) -> HttpResponse:
    """A brief, and the successor's word to have read it."""
    found = _brief(request.actor, pk)
    if request.method == "POST":
        last = commands.confirm_reading(found, actor=request.actor, at=timezone.now())
        tell(request, _("Read: %(name)s") % {"name": found.customer}, undo=True)
        following = briefs_to_read(request.actor, found.hand_over_id).order_by("pk").first()
        return redirect("today") if last or following is None else redirect("brief", following.pk)
    context = {
        "brief": found,
        "customer_url": link_to(found.customer),
        "parts": briefs.parts(request.actor, found, request.setting),
        "card": papers.card_as_paper(request.actor, found.customer, request.setting),
        "crumbs": [{"label": _("Hand-over briefs"), "url": reverse("hand-over-briefs-list")}],
        "mine": found.successor_id == request.actor.user_id,
    }
    return render(request, "stewardship/brief.html", context)


@require_GET
def brief_paper(request: Asking, pk: int) -> HttpResponse:
    """The brief as PDF: the card, with what was promised and what may go wrong before it."""
    found = _brief(request.actor, pk)
    told = papers.card_as_paper(request.actor, found.customer, request.setting)
    told["extra"] = briefs.parts(request.actor, found, request.setting)
    return printed(papers.paper(request.actor, request.setting, [told]), str(found.customer))


def _brief(actor: Actor, pk: int) -> HandOverBrief:
    """The brief, for those who may see both it and its customer."""
    found = access.get(actor, HandOverBrief, pk)
    access.get(actor, type(found.customer), found.customer_id)
    return found
