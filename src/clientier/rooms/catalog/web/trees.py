"""The whole bill of materials of a product, which opens level by level."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.rooms.catalog.models import Component, Product
from clientier.rooms.catalog.queries import trees


@require_GET
def parts(request: Asking, pk: int) -> HttpResponse:
    """The first level with the sums of the whole; for htmx one level, of so many of the product, by itself."""
    product = access.get(request.actor, Product, pk)
    access.require(request.actor, Component, "view")
    if not trees.may_see(request.actor):
        raise NotAllowed
    if request.headers.get("HX-Request") and "times" in request.GET:
        level = trees.level_of(request.actor, pk, times=_times(request.GET["times"]))
        return render(request, "catalog/level.html", {"level": level})
    whole = trees.whole(request.actor, product)
    crumbs = [{"label": str(product), "url": link_to(product)}]
    context = {"product": product, "crumbs": crumbs, **whole, "c": {"uses": whole["uses"]}}
    return render(request, "catalog/tree.html", context)


def _times(written: str) -> Decimal:
    """The number in the address; one where it says anything else."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return Decimal(1)
    return number if number.is_finite() and 0 < number < 10**12 else Decimal(1)
