from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit.imports.examples import is_email, is_phone
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words


class DecisionRole(models.TextChoices):
    DECIDER = "decider", _("Decides")
    INFLUENCER = "influencer", _("Influences")
    USER = "user", _("Uses")
    BUYER = "buyer", _("Buys")
    GATEKEEPER = "gatekeeper", _("Keeps the gate")
    CHAMPION = "champion", _("Speaks for us")
    BLOCKER = "blocker", _("Blocks")


class Attitude(models.TextChoices):
    SUPPORTER = "supporter", _("Supporter")
    NEUTRAL = "neutral", _("Neutral")
    OPPONENT = "opponent", _("Opponent")


class Influence(models.TextChoices):
    HIGH = "high", pgettext_lazy("influence", "High")
    MEDIUM = "medium", pgettext_lazy("influence", "Medium")
    LOW = "low", pgettext_lazy("influence", "Low")


class InCharge(models.TextChoices):
    OWNER = "owner", pgettext_lazy("of a company", "Owner")
    MANAGER = "manager", pgettext_lazy("of a company", "Manager")
    LEGAL_REPRESENTATIVE = "legal", _("Legal representative")


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    WECHAT = "wechat", _("WeChat")
    MESSAGE = "message", _("Text message")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")


IMPORTED_CONTACTS = Target(
    slug="contacts",
    label=_("Contacts"),
    description=_("The people at your customers."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=_("Contact number"),
            help=_(
                "By this number rows find their contact again. No numbers? Choose the column of e-mails; or leave "
                "it out, and rows are known by customer and name."
            ),
            synonyms=words("contact id, contact no, id, person id, 联系人编号, 编号"),
        ),
        Field(
            name="customer",
            label=_("Customer number"),
            required=True,
            lookup="customers",
            makes_unknown=True,
            help=_("Or the customer's name, where only one is called so."),
            synonyms=words(
                "customer, customer id, account id, company id, company, company name, account, account name, "
                "organisation, organization, customer name, 客户编号, 客户代码, 客戶編號, 客户, 客户名称, 公司, "
                "公司名称"
            ),
        ),
        Field(
            name="name",
            label=pgettext_lazy("person", "Name"),
            required=True,
            synonyms=words("full name, contact name, contact, 姓名, 联系人, 聯絡人"),
        ),
        Field(
            name="job_title", label=_("Job title"), synonyms=words("title, position, 职务, 职位, 岗位, 職稱")
        ),
        Field(name="department", label=_("Department"), synonyms=words("dept, 部门, 部門")),
        Field(
            name="decision_role",
            label=_("Part in the decision"),
            kind=Kind.CHOICE,
            synonyms=words("buying role, role, 决策角色, 角色"),
            choices=tuple(Choice(value, label) for value, label in DecisionRole.choices),
        ),
        Field(
            name="attitude",
            label=_("Attitude"),
            kind=Kind.CHOICE,
            synonyms=words("sentiment, 态度, 態度"),
            choices=tuple(Choice(value, label) for value, label in Attitude.choices),
        ),
        Field(
            name="influence",
            label=_("Influence"),
            kind=Kind.CHOICE,
            synonyms=words("power, 影响力, 影響力"),
            choices=tuple(Choice(value, label) for value, label in Influence.choices),
        ),
        Field(
            name="in_charge_as",
            label=_("In charge as"),
            kind=Kind.CHOICE,
            synonyms=words("responsible as, 负责身份, 負責身分"),
            choices=tuple(Choice(value, label) for value, label in InCharge.choices),
        ),
        Field(
            name="reports_to",
            label=_("Reports to"),
            lookup="contacts",
            help=_("The contact number of the person above, from this file or one before."),
            synonyms=words("manager, superior, 上级, 汇报对象, 上級"),
        ),
        Field(
            name="same_person_as",
            label=_("Same person as"),
            lookup="contacts",
            help=_("The contact number under which the same person is known at another customer."),
            synonyms=words("person, 同一人"),
        ),
        Field(
            name="phone",
            label=_("Phone"),
            synonyms=words(
                "telephone, mobile, phone number, mobile phone, cell phone, work phone, business phone, "
                "电话, 手机, 手机号, 联系电话, 電話"
            ),
            looks_like=is_phone,
            first_of_several=True,
            spill="channels",
            keeps_further=True,
        ),
        Field(
            name="email",
            label=pgettext_lazy("address", "E-mail"),
            synonyms=words("email, email address, 邮箱, 电子邮件"),
            looks_like=is_email,
            first_of_several=True,
            spill="channels",
            keeps_further=True,
        ),
        Field(
            name="channels",
            label=_("Further phones and e-mails"),
            help=_("One a line; a word before it says what it is, such as “Mobile: +86 138 …”."),
            synonyms=words("channels, other phones, other emails, 其他电话, 其他邮箱, 其他聯絡方式"),
        ),
        Field(name="wechat", label=_("WeChat"), synonyms=words("weixin, 微信, 微信号")),
        Field(
            name="preferred_channel",
            label=_("Preferred channel"),
            kind=Kind.CHOICE,
            synonyms=words("preferred contact method, 首选联系方式, 偏好聯絡方式"),
            choices=tuple(Choice(value, label) for value, label in Channel.choices),
        ),
        Field(
            name="preferred_times",
            label=_("Preferred times"),
            synonyms=words("best time to call, 方便时间, 方便時間"),
        ),
        Field(
            name="do_not_contact",
            label=_("Do not contact"),
            kind=Kind.YES_NO,
            synonyms=words("do not call, opted out, HasOptedOutOfEmail, 免打扰"),
        ),
        Field(name="left_on", label=_("Left on"), kind=Kind.DAY, synonyms=words("left, 离职日期")),
        Field(
            name="birth_year",
            label=_("Year of birth"),
            kind=Kind.INTEGER,
            synonyms=words("born, 出生年份, 出生年"),
        ),
        Field(name="education", label=_("Education"), synonyms=words("degree, 学历, 教育背景, 學歷")),
        Field(name="character", label=_("Character"), synonyms=words("性格, 个性, 個性")),
        Field(name="interests", label=_("Interests"), synonyms=words("hobbies, 兴趣, 爱好, 興趣")),
        Field(name="abilities", label=_("Abilities"), synonyms=words("skills, 能力, 专长, 專長")),
    ),
)
