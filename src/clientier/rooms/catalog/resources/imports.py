from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clientier.kit.imports import lookups, registry
from clientier.kit.imports.registry import Begin, ImportTarget, each
from clientier.kit.imports.targets import Target
from clientier.rooms.catalog.choices.components import IMPORTED_COMPONENTS
from clientier.rooms.catalog.choices.installations import IMPORTED_INSTALLATIONS
from clientier.rooms.catalog.choices.prices import IMPORTED_PRICE_LISTS, IMPORTED_PRICES
from clientier.rooms.catalog.choices.products import IMPORTED_COSTS_OVER_TIME, IMPORTED_PRODUCTS
from clientier.rooms.catalog.choices.warehouses import IMPORTED_WAREHOUSES
from clientier.rooms.catalog.commands.components import ComponentWriting
from clientier.rooms.catalog.commands.costs import cost_writing
from clientier.rooms.catalog.commands.files import (
    InstallationWriting,
    price_list_writing,
    write_prices,
    write_warehouses,
)
from clientier.rooms.catalog.commands.products import ProductWriting
from clientier.rooms.catalog.models import (
    Category,
    Component,
    CostChange,
    Installation,
    Price,
    PriceList,
    Product,
    Warehouse,
)

lookups.register_lookup("products", Product, "external_id", _("product"))
lookups.register_lookup("price-lists", PriceList, "external_id", _("price list"), also=("name",))
lookups.register_lookup("warehouses", Warehouse, "code", _("warehouse"), also=("name",))
# Target, place among the imports, models, way to write them, slug of their list, icon.
IMPORTED: tuple[tuple[Target, int, tuple[type[Model], ...], Begin, str, str], ...] = (
    (IMPORTED_PRODUCTS, 20, (Product,), ProductWriting, "products", "package"),
    (IMPORTED_COSTS_OVER_TIME, 21, (Product, CostChange), cost_writing, "cost-changes", "history"),
    (IMPORTED_COMPONENTS, 22, (Component,), ComponentWriting, "components", "sitemap"),
    (IMPORTED_PRICE_LISTS, 24, (PriceList,), price_list_writing, "price-lists", "tags"),
    (IMPORTED_PRICES, 26, (Price,), each(write_prices, Price), "prices", "tag"),
    (IMPORTED_INSTALLATIONS, 28, (Installation,), InstallationWriting, "installations", "plug"),
    (
        IMPORTED_WAREHOUSES,
        29,
        (Warehouse,),
        each(write_warehouses, Warehouse),
        "warehouses",
        "building-store",
    ),
)
for target, place, models, begin, slug, icon in IMPORTED:
    registry.register(
        ImportTarget(
            target=target,
            place=place,
            writes=models,
            begin=begin,
            shown_in=slug,
            icon=icon,
            makes=(Category,) if target is IMPORTED_PRODUCTS else (),
            beside={"categories_made": _("categories made")} if target is IMPORTED_PRODUCTS else {},
        )
    )
