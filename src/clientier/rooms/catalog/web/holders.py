"""Who has a product installed, alone or within another."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.errors import NotAllowed
from clientier.core.outside import whole_number
from clientier.kit.asking import Asking
from clientier.kit.cells import link_to
from clientier.rooms.catalog.models import Installation, Product
from clientier.rooms.catalog.queries import holders as query

PAGE_SIZE = 50


@require_GET
def holders(request: Asking, pk: int) -> HttpResponse:
    """All installations in reach that are, or contain, the product."""
    product = access.get(request.actor, Product, pk)
    access.require(request.actor, Installation, "view")
    if not query.may_see(request.actor):
        raise NotAllowed
    known = query.holders_of(request.actor, product, request.setting.today)
    start = max(whole_number(request.GET.get("start", "")) or 0, 0)
    page = list(known.found.order_by("customer__sort_key", "pk")[start : start + PAGE_SIZE + 1])
    context = {
        "product": product,
        "crumbs": [{"label": str(product), "url": link_to(product)}],
        "rows": query.told(request.actor, known, page[:PAGE_SIZE]),
        "totals": query.totals(request.actor, known),
        "next_start": start + PAGE_SIZE if len(page) > PAGE_SIZE else 0,
        "start": start,
        "previous_start": max(start - PAGE_SIZE, 0),
    }
    return render(request, "catalog/holders.html", context)
