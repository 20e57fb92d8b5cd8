from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.targets import Field, Kind, Target, words

IMPORTED_INSTALLATIONS = Target(
    slug="installations",
    label=_("Installed products"),
    description=_("Which product stands at which customer's: for spare parts, service and calling back."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=_("Number"),
            help=_("By this number rows find their record again; without it, by what they say."),
            synonyms=words(
                "id, installation id, asset id, asset number, equipment number, 设备编号, 资产编号"
            ),
        ),
        Field(
            name="customer",
            label=_("Customer number"),
            required=True,
            lookup="customers",
            synonyms=words("customer, customer id, account id, 客户编号, 客戶編號"),
        ),
        Field(
            name="product",
            label=_("Product number"),
            required=True,
            lookup="products",
            synonyms=words("product, product id, sku, item no, model, 产品编号, 货号, 型号, 編號"),
        ),
        Field(
            name="serial_number",
            label=_("Serial number"),
            synonyms=words("serial, serial no, sn, 序列号, 出厂编号, 序號"),
        ),
        Field(
            name="quantity",
            label=_("Quantity"),
            kind=Kind.DECIMAL,
            decimals=4,
            default=1,
            synonyms=words("qty, 数量, 數量"),
        ),
        Field(
            name="installed_on",
            label=_("Installed on"),
            kind=Kind.DAY,
            synonyms=words("installed, install date, installation date, commissioned, 安装日期, 投用日期"),
        ),
        Field(
            name="removed_on",
            label=_("Removed on"),
            kind=Kind.DAY,
            synonyms=words("removed, removal date, decommissioned, 拆除日期, 停用日期"),
        ),
        Field(name="note", label=_("Note"), synonyms=words("remark, comment, 备注, 備註")),
    ),
)
