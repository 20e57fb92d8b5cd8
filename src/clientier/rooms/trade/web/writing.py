"""A document with its lines on one form: shown, checked, handed to a command; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from clientier.core.errors import DomainError
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.rooms.trade.web import lines
from clientier.rooms.trade.web.lines import LineForm

Writing = Callable[[dict[str, Any], list[dict[str, Any]]], Any]


def write(
    request: Asking, page: dict[str, Any], form: forms.ModelForm[Any], model: Any, known: Sequence[Any],
    save: Writing,
) -> HttpResponse:  # fmt: skip
    """Show the form, or take what was sent: ``save`` gets the facts of the head and those of each line."""
    rows = lines.entered(request.POST, request.actor, model) if form.is_bound else None
    if rows is not None and _valid(form, rows):
        facts = kit_forms.changes(form) if form.instance.pk else kit_forms.filled(form)
        try:
            saved = save(facts, [row.facts() for row in rows if not row.is_left_out])
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, page["saved"] % {"name": saved}, undo=False)
            return redirect(link_to(saved))
    offered = rows if rows is not None else lines.offered(request.actor, model, known)
    wrong = form.is_bound
    context = {
        "form_page": page, "form": form, "lines": offered, "of": page["of"],
        "amiss": any(row.errors for row in rows or ()),
        "next": max((row.number for row in offered), default=-1) + 1,
    }  # fmt: skip
    return render(request, "trade/lines_form.html", context, status=422 if wrong else 200)


def _valid(form: forms.ModelForm[Any], rows: Sequence[LineForm]) -> bool:
    checked = [form.is_valid(), *(row.is_valid() for row in rows)]
    return all(checked)
