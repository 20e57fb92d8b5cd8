from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.models import Price, PriceList
from clientier.rooms.catalog.queries.price_cards import (
    asking_on_product,
    lists_on_customer,
    prices_on_list,
    prices_on_product,
)

TIER_TONES = {"important": "t1", "major": "t2", "ordinary": "t3", "small": "t4"}
price_lists = register(
    Resource(
        model=PriceList,
        slug="price-lists",
        icon="tags",
        title_column="name",
        order="name",
        columns=(
            Column(path="name"),
            Column(path="tier", tones=TIER_TONES),
            Column(path="customer"),
            Column(path="currency"),
            Column(path="valid_from"),
            Column(path="valid_until"),
            Column(path="priority", shown=False),
            Column(path="active"),
            Column(path="external_id", shown=False),
        ),
        form=(
            Section(_("Price list"), ("name", "external_id", "currency")),
            Section(_("For whom"), ("tier", "customer", "priority")),
            Section(_("When"), ("valid_from", "valid_until", "active")),
        ),
        empty=_(
            "Prices for everybody, for a tier, or agreed with one customer. The nearest to the customer counts."
        ),
    )
)
prices = register(
    Resource(
        model=Price,
        slug="prices",
        icon="tag",
        order="-pk",
        columns=(
            Column(path="price_list"),
            Column(path="product"),
            Column(path="minimum_quantity"),
            Column(path="unit_price", currency="price_list__currency"),
            Column(path="price_list__customer", shown=False),
        ),
        form=(Section("", ("price_list", "product", "minimum_quantity", "unit_price")),),
        empty=_("What each product costs in each list, from which quantity on."),
    )
)

panels.add(
    "products",
    panels.Panel("prices", _("Prices in lists"), "catalog/prices.html", prices_on_product, "main", 30),
)
panels.add(
    "price-lists", panels.Panel("prices", _("Prices"), "catalog/prices.html", prices_on_list, "main", 10)
)
panels.add(
    "customers",
    panels.Panel("price-lists", _("Agreed prices"), "catalog/agreed.html", lists_on_customer, "side", 45),
)
panels.offer("products", asking_on_product)
