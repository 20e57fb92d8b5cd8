from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.targets import Choice, Field, Kind, Target, words


class AddressKind(models.TextChoices):
    REGISTERED = "registered", _("Registered office")
    DELIVERY = "delivery", _("Delivery")
    BILLING = "billing", _("Billing")


IMPORTED_ADDRESSES = Target(
    slug="addresses",
    label=_("Addresses"),
    description=_(
        "Where customers are registered, receive goods and are billed: one of each kind a customer."
    ),
    key=("customer", "kind"),
    fields=(
        Field(
            name="customer",
            label=_("Customer number"),
            required=True,
            lookup="customers",
            synonyms=words("customer, customer id, account id, 客户编号, 客戶編號"),
        ),
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            default="registered",
            synonyms=words("address type, type, 地址类型"),
            choices=(
                Choice("registered", _("Registered office"), ("main", "office", "注册地址")),
                Choice("delivery", _("Delivery"), ("shipping", "ship to", "收货地址")),
                Choice("billing", _("Billing"), ("bill to", "invoice", "开票地址")),
            ),
        ),
        Field(
            name="line", label=_("Street and number"), synonyms=words("address, street, AddressLine1, 地址")
        ),
        Field(name="city", label=_("City"), synonyms=words("town, 城市, 市")),
        Field(name="region", label=_("Province or state"), synonyms=words("state, province, 省份, 省")),
        Field(name="postcode", label=_("Postcode"), synonyms=words("zip, postal code, 邮编, 郵遞區號")),
        Field(name="country", label=_("Country"), synonyms=words("country code, 国家, 國家")),
        Field(
            name="latitude",
            label=_("Latitude"),
            kind=Kind.DECIMAL,
            decimals=6,
            synonyms=words("lat, gps latitude, 纬度, 緯度"),
        ),
        Field(
            name="longitude",
            label=_("Longitude"),
            kind=Kind.DECIMAL,
            decimals=6,
            synonyms=words("lon, lng, long, gps longitude, 经度, 經度"),
        ),
    ),
)
