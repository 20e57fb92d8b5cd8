from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit.imports.examples import is_email, is_phone, is_website
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words
from clientier.rooms.parties.choices.registers import is_country, is_registration_number


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


IMPORTED_CUSTOMERS = Target(
    slug="customers",
    label=_("Customers"),
    description=_("Companies and people you trade with, one a row."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=_("Customer number"),
            help=_(
                "By this number rows find their customer again. No numbers? Choose the column of names; "
                "or leave it out, and rows are known by their name."
            ),
            synonyms=words(
                "customer no, customer id, customer code, account id, "
                "account number, client id, id, debtor, CustomerKey, "
                "ResellerKey, 客户编号, 客户代码, 客户号, 编号, 客戶編號"
            ),
        ),
        Field(
            name="name",
            label=_("Name"),
            required=True,
            synonyms=words(
                "company, company name, customer name, customer, account name, "
                "full name, client, reseller name, 客户名称, 公司名称, 客户, "
                "名称, 姓名, 客戶名稱, 公司名稱"
            ),
        ),
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            synonyms=words("customer type, type, 客户类型, 类型, 客戶類型"),
            choices=(
                Choice(
                    "company",
                    _("Company"),
                    ("公司", "企业", "单位", "business", "organisation", "organization", "b2b", "true", "1"),
                ),
                Choice(
                    "person",
                    _("Person"),
                    ("个人", "個人", "consumer", "private", "individual", "b2c", "false", "0"),
                ),
            ),
        ),
        Field(
            name="other_names",
            label=_("Other names"),
            synonyms=words("alias, short name, 简称, 别名, 曾用名"),
        ),
        Field(
            name="phone",
            label=_("Phone"),
            synonyms=words(
                "telephone, phone number, mobile, tel, main phone, office phone, business phone, work phone, "
                "电话, 手机, 联系电话, 联系方式, 電話"
            ),
            looks_like=is_phone,
            first_of_several=True,
            spill="note",
        ),
        Field(
            name="email",
            label=pgettext_lazy("address", "E-mail"),
            synonyms=words("email, email address, mail, 邮箱, 电子邮件, 電子郵件"),
            looks_like=is_email,
            first_of_several=True,
            spill="note",
        ),
        Field(
            name="website",
            label=_("Website"),
            synonyms=words("web, url, homepage, 网址, 网站, 網址"),
            looks_like=is_website,
            first_of_several=True,
            spill="note",
        ),
        Field(
            name="industry",
            label=_("Industry"),
            synonyms=words("sector, branch, business type, 行业, 所属行业, 行業"),
        ),
        Field(
            name="employees",
            label=_("Employees"),
            kind=Kind.INTEGER,
            synonyms=words("number of employees, headcount, NumberEmployees, 员工人数, 人数, 員工人數"),
        ),
        Field(
            name="registration_number",
            label=_("Registration number"),
            synonyms=words("vat id, tax id, company number, 统一社会信用代码, 税号, 统一编号, 統一編號"),
            looks_like=is_registration_number,
        ),
        Field(
            name="country",
            label=_("Country"),
            synonyms=words("country code, CountryRegionCode, billing country, 国家, 國家"),
            looks_like=is_country,
        ),
        Field(
            name="region",
            label=_("Province or state"),
            synonyms=words("state, province, region, StateProvinceName, billing state, 省份, 省, 地区"),
        ),
        Field(name="city", label=_("City"), synonyms=words("town, billing city, 城市, 市")),
        Field(
            name="street",
            label=_("Street and number"),
            help=_("Kept as the address of the registered office, with postcode and place."),
            synonyms=words("address, street address, billing street, AddressLine1, 地址, 注册地址"),
            max_length=200,
        ),
        Field(
            name="postcode",
            label=_("Postcode"),
            synonyms=words("zip, zip code, postal code, billing postal code, 邮编, 郵遞區號"),
            max_length=20,
        ),
        Field(
            name="delivery_street",
            label=_("Delivery: street and number"),
            synonyms=words("shipping street, shipping address, delivery address, ship to, 收货地址"),
            max_length=200,
        ),
        Field(
            name="delivery_city",
            label=_("Delivery: city"),
            synonyms=words("shipping city, 收货城市"),
            max_length=80,
        ),
        Field(
            name="delivery_region",
            label=_("Delivery: province or state"),
            synonyms=words("shipping state, 收货省份"),
            max_length=80,
        ),
        Field(
            name="delivery_postcode",
            label=_("Delivery: postcode"),
            synonyms=words("shipping postal code, shipping zip, 收货邮编"),
            max_length=20,
        ),
        Field(
            name="delivery_country",
            label=_("Delivery: country"),
            synonyms=words("shipping country, 收货国家"),
            max_length=60,
        ),
        Field(
            name="owner",
            label=_("Account manager"),
            lookup="users",
            help=_("Sign-in name, e-mail or name of the user who answers for the customer."),
            when_unknown="empty",
            synonyms=words(
                "owner, sales rep, salesperson, account owner, sales owner, company owner, assigned to, "
                "assigned user, owner name, 负责人, 客户经理, 业务员, 归属人, 負責人"
            ),
        ),
        Field(
            name="territory",
            label=_("Territory"),
            lookup="territories",
            when_unknown="empty",
            help=_("By its name, as in the settings."),
            synonyms=words("sales territory, area, 区域, 區域"),
        ),
        Field(
            name="parent",
            label=_("Parent company"),
            lookup="customers",
            help=_("The customer number of the parent, from this file or one before."),
            synonyms=words("parent, parent id, parent account, parent account id, group, 母公司, 上级公司"),
        ),
        Field(
            name="first_seen",
            label=_("Known since"),
            kind=Kind.DAY,
            synonyms=words(
                "created, created date, created at, created on, create date, date created, created time, "
                "customer since, DateFirstPurchase, 建档日期, 首次合作, 创建时间, 创建日期"
            ),
        ),
        Field(
            name="note",
            label=_("Note"),
            synonyms=words("notes, remark, comment, description, 备注, 備註"),
        ),
    ),
)
