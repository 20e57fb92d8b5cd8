"""Bills of materials as pages show them: level by level, with what is needed in all and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.presence import Referring
from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.catalog.choices.units import UnitField
from clientier.rooms.catalog.models import Component, Product
from clientier.rooms.catalog.queries.quantities import written
from clientier.rooms.catalog.queries.structure import Found, parts_of, rolled_up, uses_of

SHOWN, MOST_USES = 12, 1000
PARTS, USES = Referring(Component, "assembly"), Referring(Component, "part")


def may_see(actor: Actor) -> bool:
    """Whether the actor sees what is in what at all."""
    readable = access.fields(actor, Component).readable
    return actor.reach(Component, "view") is not Reach.NONE and {"assembly", "part"} <= readable


def level_of(actor: Actor, assembly: int, *, times: Decimal = Decimal(1)) -> list[dict[str, Any]]:
    """The parts directly in an assembly, of which ``times`` are needed, in their order."""
    known, of_product = (access.fields(actor, model).readable for model in (Component, Product))
    deeper = Exists(Component.objects.filter(assembly=OuterRef("part")))
    found = access.visible(actor, Component).filter(assembly=assembly).annotate(deeper=deeper)
    return [
        {
            "part": each.part,
            "number": each.part.external_id or "" if "external_id" in of_product else "",
            "quantity": _with_unit(each.quantity, each.part) if "quantity" in known else "",
            "total": _with_unit(each.quantity * times, each.part)
            if times != 1 and "quantity" in known
            else "",
            "spare": each.is_spare_part and "is_spare_part" in known,
            "cost": _cost(each.part) if "cost" in of_product else "",
            "url": reverse("products-detail", args=[each.part_id]),
            "edit_url": reverse("components-detail", args=[each.pk]),
            "level_url": f"{reverse('product-parts', args=[each.part_id])}?times={each.quantity * times:f}"
            if each.deeper
            else "",
        }
        for each in found.order_by("position", "pk")
    ]


def parts_on_card(actor: Actor, product: Product, setting: Setting) -> dict[str, Any] | None:
    """What is directly in a product, with the way to the whole and to one more."""
    if not may_see(actor):
        return None
    level = level_of(actor, product.pk) if PARTS.may_be(product) else []
    adding = _adding(actor, f"assembly={product.pk}", product)
    if not level and (not adding or not product.stocked):
        return None
    more = reverse("product-parts", args=[product.pk]) if level else ""
    return {"level": level, "add_url": adding, "more_url": more}


def uses_on_card(actor: Actor, product: Product, setting: Setting) -> dict[str, Any] | None:
    """All that a product is in, directly or within others, the nearest first."""
    if not may_see(actor) or not USES.may_be(product):
        return None
    uses = uses_of(product.pk)
    told = _uses(actor, product, uses[:SHOWN])
    more = f"{reverse('product-parts', args=[product.pk])}#used-in" if len(uses) > SHOWN else ""
    return {"uses": told, "more_url": more} if told else None


def whole(actor: Actor, product: Product) -> dict[str, Any]:
    """What the page of the whole tree says: how many parts at how many levels, what they cost, what it is in."""
    parts = parts_of(product.pk)
    return {
        "level": level_of(actor, product.pk),
        "parts": formats.number(len(parts)),
        "levels": max((each.level for each in parts), default=0),
        "costs": _costs(parts) if "cost" in access.fields(actor, Product).readable else "",
        "uses": _uses(actor, product, uses_of(product.pk)[:MOST_USES]),
    }


def _costs(parts: Sequence[Found]) -> str:
    sums = rolled_up(parts)
    said = " + ".join(
        formats.with_symbol(amount, currency, cents=True) for currency, amount in sorted(sums.amounts.items())
    )
    if sums.lacking:
        return _("%(sum)s, without %(count)s parts of unknown cost") % {
            "sum": said or "0", "count": sums.lacking,
        }  # fmt: skip
    return said


def _uses(actor: Actor, product: Product, uses: Sequence[Found]) -> list[dict[str, Any]]:
    products = access.visible(actor, Product).in_bulk([each.product for each in uses])
    known = "quantity" in access.fields(actor, Component).readable
    return [
        {
            "product": products[each.product],
            "url": reverse("products-detail", args=[each.product]),
            "quantity": _with_unit(each.quantity, product) if known else "",
            "level": each.level,
        }
        for each in uses
        if each.product in products
    ]


def _adding(actor: Actor, fixed: str, product: Product) -> str:
    if actor.reach(Component, "add") is Reach.NONE:
        return ""
    return f"{reverse('components-create')}?{fixed}&next={reverse('products-detail', args=[product.pk])}"


def _with_unit(quantity: Decimal, product: Product) -> str:
    if not product.unit:
        return f"× {written(quantity)}"
    # English writes a unit beside a number in short; of names it would have to know the plural.
    chinese = (get_language() or "").startswith("zh")
    return f"{written(quantity)} {UnitField.name_of(product.unit) if chinese else product.unit}"


def _cost(product: Product) -> str:
    if product.cost is None:
        return ""
    return formats.with_symbol(product.cost, product.currency, cents=True)
