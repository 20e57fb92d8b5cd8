"""What a customer is asked for a product, and by which list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.errors import NotAllowed
from clientier.core.money import Currency
from clientier.kit import formats
from clientier.kit import forms as kit_forms
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.rooms.catalog.choices.prices import PricedTier
from clientier.rooms.catalog.models import Price, PriceList, Product
from clientier.rooms.catalog.queries.prices import price_for
from clientier.rooms.catalog.queries.tiers import tier_of
from clientier.rooms.parties.models import Customer


class PriceForm(forms.Form):
    """For whom, how many, when: what a price depends on."""

    customer: forms.ModelChoiceField[Customer] = forms.ModelChoiceField(
        None, label=gettext_lazy("Customer"), required=False
    )
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"),
        required=False,
        choices=lambda: [("", ""), *PricedTier.choices],
        help_text=gettext_lazy("Left empty, that of the customer."),
    )
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"), min_value=Decimal("0.0001"), max_digits=18, decimal_places=4
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=Currency.choices)
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        chosen: dict[str, Any] = self.fields
        chosen["customer"].queryset = access.visible(actor, Customer).order_by("pk")
        chosen["customer"].widget = kit_forms.Picker(attrs={"data-picker": reverse("customers-pick")})
        chosen["customer"].widget.choices = chosen["customer"].choices
        chosen["quantity"].widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "figure"})


@require_GET
def asked(request: Asking, pk: int) -> HttpResponse:
    """The question as a form, and once it was asked the answer with its reason."""
    actor = request.actor
    product = access.get(actor, Product, pk)
    access.require(actor, Price, "view")
    if not _may_see(actor):
        raise NotAllowed
    initial = {"quantity": 1, "currency": product.currency, "day": request.setting.today.isoformat()}
    form = PriceForm(request.GET if "quantity" in request.GET else None, actor=actor, initial=initial)
    context = {
        "product": product,
        "form": form,
        "crumbs": [{"label": str(product), "url": link_to(product)}],
        "answer": _answer(actor, product, form.cleaned_data) if form.is_bound and form.is_valid() else None,
    }
    return render(request, "catalog/price.html", context, status=422 if form.errors else 200)


def _may_see(actor: Actor) -> bool:
    needed = ((Product, {"price"}), (Price, {"unit_price"}), (PriceList, {"name"}))
    return all(names <= access.fields(actor, model).readable for model, names in needed)


def _answer(actor: Actor, product: Product, facts: dict[str, Any]) -> dict[str, str]:
    customer = facts["customer"]
    quoted = price_for(
        product,
        customer=customer.pk if customer else None,
        tier=facts["tier"] or (tier_of(actor, customer) if customer else ""),
        quantity=facts["quantity"],
        day=facts["day"],
        currency=facts["currency"],
    )
    if quoted.price is None:
        return {"price": _("No price"), "why": quoted.why, "sum": ""}
    total = formats.with_symbol(quoted.price * facts["quantity"], facts["currency"], cents=True)
    return {
        "price": formats.with_symbol(quoted.price, facts["currency"], cents=True),
        "why": quoted.why,
        "sum": _("%(sum)s in all") % {"sum": total},
    }
