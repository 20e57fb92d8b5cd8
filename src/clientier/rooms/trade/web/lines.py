"""The lines of a document on its form: as many as one needs, each filled from its product as it is chosen."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.money import PLACES, Currency
from clientier.core.outside import whole_number
from clientier.kit.asking import Asking
from clientier.kit.pickers import relation_options
from clientier.rooms.catalog.models import Product
from clientier.rooms.catalog.queries.prices import price_for
from clientier.rooms.catalog.queries.taxes import tax_rate_of
from clientier.rooms.catalog.queries.tiers import tier_of
from clientier.rooms.parties.models import Customer
from clientier.rooms.trade.models import InvoiceLine, OrderLine

EMPTY_AT_FIRST = 3
MOST_LINES = 500
PREFIX = re.compile(r"line-(\d{1,6})-")
MONEY = forms.TextInput(attrs={"inputmode": "decimal", "class": "figure", "autocomplete": "off"})
FACTS = ("product", "description", "quantity", "unit_price", "discount", "tax_rate")


def _decimal(label: Any, places: int = 4, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=18,
        decimal_places=places,
        required=False,
        localize=False,
        widget=MONEY,
        **more,
    )


class LineForm(forms.Form):
    """One line; one that names neither product nor description is left out."""

    product: forms.ModelChoiceField[Product] = forms.ModelChoiceField(
        None, label=_("Product"), required=False
    )
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    quantity = _decimal(_("Quantity"), min_value=Decimal("0.0001"))
    unit_price = _decimal(_("Unit price"), min_value=0)
    discount = _decimal(_("Discount"), min_value=0)
    tax_rate = _decimal(_("Tax, %"), min_value=0, max_value=100)
    unit_cost = _decimal(_("Unit cost"), min_value=0)

    def __init__(self, data: Any, *, actor: Actor, model: Any = OrderLine, **options: Any) -> None:
        super().__init__(data, **options)
        self.number = int(str(self.prefix).rsplit("-", 1)[-1])
        related = relation_options(Product, actor)
        chosen: dict[str, Any] = self.fields
        chosen["product"].queryset = related["queryset"]
        if widget := related.get("widget"):
            chosen["product"].widget = widget
            widget.choices = chosen["product"].choices
        writable = access.fields(actor, model).writable
        for name in set(chosen) - writable - {"unit_cost" if "cost" in writable else ""}:
            del self.fields[name]

    @property
    def is_left_out(self) -> bool:
        facts = self.cleaned_data
        return not facts.get("product") and not facts.get("description")

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        discount, price, quantity = (facts.get(name) for name in ("discount", "unit_price", "quantity"))
        if discount and discount > (price or 0) * (quantity or 1):
            self.add_error("discount", _("More than the line comes to."))
        return facts

    def facts(self) -> dict[str, Any]:
        """What was entered, ready for a command."""
        known = {name: self.cleaned_data.get(name) for name in FACTS if name in self.fields}
        known["quantity"] = known.get("quantity") or Decimal(1)
        if (each := self.cleaned_data.get("unit_cost")) is not None:
            known["cost"] = (each * known["quantity"]).quantize(PLACES)
        return {name: value for name, value in known.items() if value not in (None, "")}


def entered(data: QueryDict, actor: Actor, model: Any) -> list[LineForm]:
    """The lines that were sent, in their order."""
    numbers = sorted({int(found[1]) for name in data if (found := PREFIX.match(name))})[:MOST_LINES]
    return [LineForm(data, actor=actor, model=model, prefix=f"line-{number}") for number in numbers]


def offered(actor: Actor, model: Any, known: Iterable[Any] = ()) -> list[LineForm]:
    """The lines that a draft has, and a few empty ones."""
    given = [_known(line) for line in known]
    given += [{} for _number in range(EMPTY_AT_FIRST)]
    return [
        LineForm(None, actor=actor, model=model, prefix=f"line-{number}", initial=facts)
        for number, facts in enumerate(given)
    ]


def _known(line: Any) -> dict[str, Any]:
    """A line of a draft as it was entered."""
    facts = {name: getattr(line, name) for name in FACTS}
    facts["unit_cost"] = None if line.cost is None else (line.cost / line.quantity).quantize(PLACES)
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in facts.items()}


@require_GET
def row(request: Asking) -> HttpResponse:
    """One more line, empty."""
    model, of = _asked(request)
    access.require(request.actor, model, "add")
    number = min(whole_number(request.GET.get("n", "")) or 0, 999_999)
    line = LineForm(None, actor=request.actor, model=model, prefix=f"line-{number}")
    return render(request, "trade/more_lines.html", {"line": line, "of": of, "next": number + 1})


@require_GET
def of_product(request: Asking) -> HttpResponse:
    """The fields of a line that follow from its product: what it is sold for and why, and what it costs us."""
    model, of = _asked(request)
    access.require(request.actor, model, "add")
    number = whole_number(request.GET.get("n", "")) or 0
    key = whole_number(request.GET.get(f"line-{number}-product", ""))
    product = access.visible(request.actor, Product).filter(pk=key).first() if key is not None else None
    known, why = _known_of(product, request, number) if product else ({}, "")
    by, quoted = request.GET.get("by", ""), known.get("unit_price")
    offered = ""
    if by == "quantity":  # what somebody typed, or is typing, stays; another price is offered beside it
        known = {}
        typed = request.GET.get(f"line-{number}-unit_price", "")
        offered = "" if quoted is None or typed == str(quoted) else str(quoted)
    elif by == "price":
        known = {name: value for name, value in known.items() if name == "unit_price"}
    line = LineForm(None, actor=request.actor, model=model, prefix=f"line-{number}", initial=known)
    found = [line[name] for name in known if name in line.fields]
    for field in found:
        field.field.widget.attrs["hx-swap-oob"] = "true"
    context = {"fields": found, "why": why, "number": number, "offered": offered, "of": of}
    return render(request, "trade/line_facts.html", context)


def _known_of(product: Product, request: Asking, number: int) -> tuple[dict[str, Decimal], str]:
    """Price, tax and cost as far as the actor may read them, in the currency of the document; and why that price."""
    readable = access.fields(request.actor, Product).readable
    asked = AskedForm(request.GET, actor=request.actor, number=number)
    facts = asked.facts(request.setting.today, product.currency)
    known, why = dict[str, Decimal | None](), ""
    if "price" in readable:
        quoted = price_for(product, **facts)
        known["unit_price"], why = quoted.price, quoted.why
    if "tax_rate" in readable:
        known["tax_rate"] = Decimal(tax_rate_of(product))
    if "cost" in readable and product.currency == facts["currency"]:
        known["unit_cost"] = product.cost
    return {name: plain(value) for name, value in known.items() if value is not None}, why


class AskedForm(forms.Form):
    """What a price depends on, as it stands on the form of a document; what is not filled in yet is left out."""

    customer: forms.ModelChoiceField[Customer] = forms.ModelChoiceField(None, required=False)
    day = forms.DateField(required=False)
    currency = forms.ChoiceField(choices=Currency.choices, required=False)

    def __init__(self, data: Any, *, actor: Actor, number: int) -> None:
        super().__init__(data)
        chosen: dict[str, Any] = self.fields
        chosen["customer"].queryset = access.visible(actor, Customer)
        chosen["quantity"] = _decimal("", min_value=Decimal("0.0001"))
        self._actor, self._quantity = actor, data.get(f"line-{number}-quantity", "")

    def facts(self, today: dt.date, currency: str) -> dict[str, Any]:
        self.full_clean()
        known = self.cleaned_data
        customer = known.get("customer")
        try:
            quantity = self.fields["quantity"].clean(self._quantity) or Decimal(1)
        except forms.ValidationError:
            quantity = Decimal(1)
        return {
            "customer": customer.pk if customer else None, "quantity": quantity, "day": known.get("day") or today,
            "tier": tier_of(self._actor, customer) if customer else "", "currency": known.get("currency") or currency,
        }  # fmt: skip


def _asked(request: Asking) -> tuple[Any, str]:
    of = "invoice" if request.GET.get("of") == "invoice" else "order"
    return (InvoiceLine if of == "invoice" else OrderLine), of


def plain(value: Decimal) -> Decimal:
    """The number as a person would type it: no zeros at its end beyond two decimals."""
    short = value.normalize()
    return short if short.as_tuple().exponent < -2 else value.quantize(Decimal("0.01"))  # type: ignore[operator]
