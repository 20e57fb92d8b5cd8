"""Going through the cards of the week, one after the other, by keyboard; and the report of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.errors import DomainError
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.parties.models import Customer
from clientier.rooms.stewardship.choices import ReviewState
from clientier.rooms.stewardship.commands.reviews import finish_review
from clientier.rooms.stewardship.models import Review
from clientier.rooms.stewardship.queries import papers, reviews
from clientier.rooms.stewardship.queries.rules import current_rules


class RemarkForm(forms.Form):
    """What the account manager is to do, or nothing: then the card is in order."""

    remark = forms.CharField(
        label=gettext_lazy("Remark"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It becomes a task of the account manager; left empty, the card is in order."),
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def week(request: Asking) -> HttpResponse:
    """The card that comes up next, or the one asked for, with all others of the week beside it."""
    access.require(request.actor, Review, "view")
    actor, today = request.actor, request.setting.today
    found = list(reviews.reviews_of_week(actor, reviews.monday(today)))
    due = [review for review in found if review.state == ReviewState.DUE]
    asked = request.GET.get("card", "")
    current = next((r for r in found if str(r.pk) == asked), due[0] if due else None)
    form = RemarkForm(request.POST or None, initial={"due_on": _until(today)})
    if request.method == "POST" and current and form.is_valid():
        try:
            facts = form.cleaned_data
            finish_review(current, actor=actor, at=timezone.now(), **facts)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, _("Reviewed: %(name)s") % {"name": current.customer}, undo=True)
            return redirect(_next_address(found, current))
    context = {
        "week": formats.day(reviews.monday(today)),
        "number": len(found),
        "done": len(found) - len(due),
        "groups": _groups(found, current),
        "form": form,
        **(_shown(request, found, current) if current else {}),
    }
    return render(request, "stewardship/review.html", context, status=422 if form.is_bound else 200)


def _until(today: dt.date) -> str:
    return (today + dt.timedelta(days=current_rules()["remark_days"])).isoformat()


def _next_address(found: list[Review], current: Review) -> str:
    """The next card that is due after this one, else the first that is."""
    place = found.index(current)
    for review in (*found[place + 1 :], *found[:place]):
        if review.state == ReviewState.DUE:
            return f"{reverse('reviews-week')}?card={review.pk}"
    return reverse("reviews-week")


def _groups(found: list[Review], current: Review | None) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for review in found:
        groups.setdefault(str(review.rep), []).append(
            {
                "name": str(review.customer),
                "url": f"?card={review.pk}",
                "done": review.state == ReviewState.DONE,
                "current": review == current,
                "remark": bool(review.remark),
            }
        )
    return [{"rep": rep, "cards": cards} for rep, cards in groups.items()]


def _shown(request: Asking, found: list[Review], current: Review) -> dict[str, Any]:
    """The card itself, in short, as far as the manager may see the customer; and its neighbours."""
    place = found.index(current)
    before, after = found[place - 1 : place] if place else [], found[place + 1 : place + 2]
    customer = access.visible(request.actor, Customer).filter(pk=current.customer_id).first()
    return {
        "review": current,
        "card": papers.card_as_paper(request.actor, customer, request.setting) if customer else None,
        "card_url": link_to(customer) if customer else "",
        "neighbours": {
            "prev_url": f"?card={before[0].pk}" if before else "",
            "next_url": f"?card={after[0].pk}" if after else "",
            "text": f"{place + 1} / {len(found)}",
        },
    }


@require_GET
def report(request: Asking) -> HttpResponse:
    """Reviews done and missed, by manager and week."""
    access.require(request.actor, Review, "view")
    rows = reviews.report(request.actor, reviews.monday(request.setting.today))
    return render(request, "stewardship/review_report.html", {"rows": rows})
