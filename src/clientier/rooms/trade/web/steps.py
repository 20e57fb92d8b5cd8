"""One step of a document: what it needs is asked on a small form, then a command does it or says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from clientier.core.errors import DomainError
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.trade.web.lines import MONEY

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DAY)


class DayAndReasonForm(DayForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class QuantitiesForm(DayForm):
    """So much of each line; what is left of it is offered."""

    def __init__(self, data: Any, *, left: Iterable[tuple[int, str, Decimal]], **options: Any) -> None:
        super().__init__(data, **options)
        for key, label, quantity in left:
            self.fields[f"quantity-{key}"] = forms.DecimalField(
                label=label, max_digits=18, decimal_places=4, min_value=0, max_value=quantity,
                initial=quantity.normalize() if quantity != quantity.to_integral() else int(quantity),
                required=False, widget=MONEY,
            )  # fmt: skip

    def quantities(self) -> dict[int, Decimal]:
        return {
            int(name.removeprefix("quantity-")): value or Decimal(0)
            for name, value in self.cleaned_data.items()
            if name.startswith("quantity-")
        }


def step(
    request: Asking, record: Any, form: forms.Form, title: str, submit: str, done: str, do: Callable[[], Any]
) -> HttpResponse:
    """Ask, do, tell; a refusal stands on the form, with all that was typed."""
    if form.is_bound and form.is_valid():
        try:
            do()
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, done % {"name": record}, undo=False)
            return redirect(link_to(record))
    page = {
        "title": title, "crumbs": [{"label": str(record), "url": link_to(record)}], "form": form,
        "sections": [{"title": "", "fields": list(form)}], "submit_label": submit, "cancel_url": link_to(record),
        "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)


def at_once(request: Asking, record: Any, done: str, do: Callable[[], Any]) -> HttpResponse:
    """Do what needs no facts, and tell; a refusal is told on the record's page."""
    try:
        do()
    except DomainError as refusal:
        tell(request, str(refusal), undo=False)
    else:
        tell(request, done % {"name": record}, undo=False)
    return redirect(link_to(record))
