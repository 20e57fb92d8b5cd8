"""Moving stock by hand, and deciding who gets what there is too little of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access
from clientier.core.actor import Reach
from clientier.core.errors import DomainError
from clientier.kit import forms as kit_forms
from clientier.kit import resource
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.kit.pages import tell
from clientier.kit.pickers import relation_options
from clientier.rooms.catalog.models import Product, Warehouse
from clientier.rooms.trade.choices.stock import MoveKind
from clientier.rooms.trade.commands import allocating
from clientier.rooms.trade.commands.stock import move_stock, transfer_stock
from clientier.rooms.trade.models import OrderLine, Reservation, StockMove
from clientier.rooms.trade.queries.documents import quantity_words
from clientier.rooms.trade.queries.stock import allocation, shortages, tier_words
from clientier.rooms.trade.web.lines import MONEY
from clientier.rooms.trade.web.steps import DAY, step

HEAD = ("product", "warehouse", "kind", "quantity", "day", "reason")
BY_HAND = (MoveKind.RECEIPT, MoveKind.ISSUE, MoveKind.COUNT)


def move(request: Asking) -> HttpResponse:
    """A receipt, an issue or a count."""
    access.require(request.actor, StockMove, "add")
    initial = {"day": request.setting.today, "product": request.GET.get("product", "")}
    declared = resource.REGISTRY["stock-moves"]
    form = kit_forms.form_class(declared, request.actor, HEAD)(request.POST or None, initial=initial)
    kinds: Any = form.fields["kind"]
    kinds.choices = [(kind.value, kind.label) for kind in BY_HAND]
    if form.is_bound and form.is_valid():
        try:
            made = move_stock(StockMove, actor=request.actor, changes=kit_forms.filled(form))
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("%(name)s saved") % {"name": made})
            return redirect(link_to(made.product))
    return _form(request, form, _("Receive, issue or count"))


class TransferForm(forms.Form):
    """So much of a product from here to there."""

    product: forms.ModelChoiceField[Product] = forms.ModelChoiceField(None, label=gettext_lazy("Product"))
    source: forms.ModelChoiceField[Warehouse] = forms.ModelChoiceField(
        None, label=pgettext_lazy("warehouse", "From"), empty_label=""
    )
    target: forms.ModelChoiceField[Warehouse] = forms.ModelChoiceField(
        None, label=pgettext_lazy("warehouse", "To"), empty_label=""
    )
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"),
        min_value=Decimal("0.0001"),
        max_digits=18,
        decimal_places=4,
        widget=MONEY,
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=DAY)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, request: Asking) -> None:
        super().__init__(request.POST or None, initial={"day": request.setting.today})
        chosen: dict[str, Any] = self.fields
        related = relation_options(Product, request.actor)
        chosen["product"].queryset = related["queryset"]
        chosen["product"].widget = related["widget"]
        related["widget"].choices = chosen["product"].choices
        for name in ("source", "target"):
            chosen[name].queryset = (
                access.visible(request.actor, Warehouse).filter(active=True).order_by("code")
            )


def transfer(request: Asking) -> HttpResponse:
    access.require(request.actor, StockMove, "add")
    form = TransferForm(request)
    if form.is_bound and form.is_valid():
        try:
            made = transfer_stock(StockMove, actor=request.actor, **form.cleaned_data)
        except (DomainError, ValidationError) as refusal:
            kit_forms.say_refusal(form, refusal)
        else:
            tell(request, _("%(name)s saved") % {"name": made})
            return redirect(link_to(made.product))
    return _form(request, form, _("Transfer"))


@require_GET
def short(request: Asking) -> HttpResponse:
    """Products of which more is wanted than lies there, and who would get what there is."""
    actor = request.actor
    access.require(actor, Reservation, "view")
    products = {product.pk: product for product in access.visible(actor, Product)}
    listed = []
    for each in shortages():
        product = products.get(each["product"])  # type: ignore[call-overload]
        if product is None:
            continue
        shares = allocation(product.pk)
        seen = set(
            access.visible(actor, OrderLine)
            .filter(pk__in=[s.line.pk for s in shares])
            .values_list("pk", flat=True)
        )
        listed.append(
            {
                "product": product, "url": link_to(product), "wanted": quantity_words(each["wanted"]),  # type: ignore[arg-type]
                "there": quantity_words(each["there"]),  # type: ignore[arg-type]
                "shares": [_share(share) for share in shares if share.line.pk in seen],
                "others": len(shares) - len(seen),
            }
        )  # fmt: skip
    context = {"listed": listed, "may_decide": actor.reach(Reservation, "change") is Reach.ALL}
    return render(request, "trade/shortages.html", context)


def _share(share: Any) -> dict[str, Any]:
    order = share.line.order
    return {
        "line": share.line, "order": order, "url": link_to(order), "customer": order.customer,
        "tier": tier_words(share.tier), "promised_on": order.promised_on, "day": order.day, "pinned": share.pinned,
        "wants": quantity_words(share.wants), "has": quantity_words(share.has), "gets": quantity_words(share.gets),
        "changes": share.gets != share.has, "decide_url": reverse("stock-decide", args=[share.line.pk]),
    }  # fmt: skip


@require_POST
def divide(request: Asking, pk: int) -> HttpResponse:
    """Reserve a product anew by tier, promise and order."""
    product = access.get(request.actor, Product, pk)
    number = allocating.allocate(product, request.actor)
    tell(
        request,
        _("%(name)s is divided anew; %(number)d lines changed.") % {"name": product, "number": number},
    )
    return redirect("shortages")


class DecideForm(forms.Form):
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"), min_value=0, max_digits=18, decimal_places=4, widget=MONEY
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def decide(request: Asking, pk: int) -> HttpResponse:
    """Give a line so much, whatever the rule says, with the reason."""
    line = access.get(request.actor, OrderLine, pk, "change")
    form = DecideForm(request.POST or None)

    def do() -> None:
        allocating.decide(line, actor=request.actor, **form.cleaned_data)

    title = _("%(product)s for %(order)s") % {"product": line.product, "order": line.order}
    return step(request, line.order, form, title, _("Reserve"), _("Reserved for %(name)s"), do)


def _form(request: Asking, form: Any, title: str) -> HttpResponse:
    back = reverse("stock-levels-list")
    page = {
        "title": title, "crumbs": [{"label": _("Stock levels"), "url": back}], "form": form,
        "sections": [{"title": "", "fields": list(form)}], "submit_label": _("Save"), "cancel_url": back,
        "draft_key": "",
    }  # fmt: skip
    return render(request, "kit/form.html", {"form_page": page}, status=422 if form.is_bound else 200)
