"""What a profile says, in groups that one opens as needed, and how files name it.

Identity numbers, health, religion, politics and family are no part of it: they need a consent first.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.money import Currency
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words
from clientier.kit.resource import Section


class OrganisationForm(models.TextChoices):
    LIMITED = "limited", _("Limited company")
    JOINT_STOCK = "joint_stock", _("Company limited by shares")
    LISTED = "listed", _("Listed company")
    STATE_OWNED = "state_owned", _("State-owned enterprise")
    FOREIGN = "foreign", _("Foreign-owned enterprise")
    JOINT_VENTURE = "joint_venture", _("Joint venture")
    PARTNERSHIP = "partnership", _("Partnership")
    SOLE_TRADER = "sole_trader", _("Sole trader")
    COOPERATIVE = "cooperative", _("Cooperative")
    PUBLIC = "public", _("Public body")
    NON_PROFIT = "non_profit", _("Association or foundation")
    OTHER = "other", pgettext_lazy("organisation form", "Other")


class Scale(models.TextChoices):
    MICRO = "micro", pgettext_lazy("scale", "Micro")
    SMALL = "small", pgettext_lazy("scale", "Small")
    MEDIUM = "medium", pgettext_lazy("scale", "Medium")
    LARGE = "large", pgettext_lazy("scale", "Large")


class CreditState(models.TextChoices):
    EXCELLENT = "excellent", pgettext_lazy("credit", "Excellent")
    GOOD = "good", pgettext_lazy("credit", "Good")
    FAIR = "fair", pgettext_lazy("credit", "Fair")
    POOR = "poor", pgettext_lazy("credit", "Poor")
    BAD = "bad", pgettext_lazy("credit", "Bad")


class Cooperation(models.TextChoices):
    EAGER = "eager", pgettext_lazy("cooperation", "Eager")
    WILLING = "willing", pgettext_lazy("cooperation", "Willing")
    RESERVED = "reserved", pgettext_lazy("cooperation", "Reserved")
    UNWILLING = "unwilling", pgettext_lazy("cooperation", "Unwilling")


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", pgettext_lazy("gender", "Other")


class Degree(models.TextChoices):
    SCHOOL = "school", _("School")
    VOCATIONAL = "vocational", _("Vocational training")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


COMPANY_GROUPS = {
    "basics": Section(
        _("Basics"),
        ("legal_name", "founded_on", "organisation_form", "line_of_business", "assets", "registered_capital",
         "currency"),
    ),
    "characteristics": Section(
        _("Characteristics"),
        ("scale", "service_area", "philosophy", "direction", "features", "image", "reputation"),
    ),
    "condition": Section(
        _("Business condition"),
        ("sales_ability", "results", "potential", "strengths", "problems", "planned_answers"),
    ),
    "trading": Section(
        _("Trading condition"),
        ("payment_terms", "credit_state", "credit_incidents", "relationship", "cooperation"),
    ),
}  # fmt: skip
PERSON_GROUPS = {
    "basics": Section(_("Basics"), ("form_of_address", "gender", "born_on", "home_town", "languages")),
    "education": Section(_("Education"), ("degree", "school", "field_of_study", "graduated_in", "honours")),
    "career": Section(_("Career"), ("occupation", "employer", "career_so_far", "ambitions")),
    "lifestyle": Section(_("Lifestyle"), ("hobbies", "sports", "food_and_drink", "reading", "travel", "vehicle")),
    "personality": Section(_("Personality"), ("character", "way_of_deciding", "proud_of", "dislikes")),
    "ties": Section(_("Social ties"), ("clubs", "circle", "standing", "online_presence")),
}  # fmt: skip
GROUPS = {"company": COMPANY_GROUPS, "person": PERSON_GROUPS}
BESIDE_OTHERS = frozenset({"currency"})
"""Fields that say nothing alone: they are shown with those that they belong to."""

CREDIT_TONES = {"excellent": "good", "good": "good", "fair": "", "poor": "warn", "bad": "bad"}


def _choices(kind: type[models.TextChoices]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in kind.choices)


_CUSTOMER = Field(
    name="customer",
    label=_("Customer number"),
    required=True,
    lookup="customers",
    synonyms=words("customer, customer id, account id, company id, 客户编号, 客户代码, 客戶編號"),
)

IMPORTED_COMPANY_PROFILES = Target(
    slug="company-profiles",
    label=_("Company profiles"),
    description=_("What companies are, how they fare and how they trade: one row a company."),
    key=("customer",),
    fields=(
        _CUSTOMER,
        Field(name="legal_name", label=_("Legal name"), synonyms=words("registered name, 法定名称, 全称")),
        Field(name="founded_on", label=_("Founded on"), kind=Kind.DAY, synonyms=words("founded, 成立日期")),
        Field(
            name="organisation_form", label=_("Organisation form"), kind=Kind.CHOICE,
            choices=_choices(OrganisationForm), synonyms=words("legal form, ownership, 企业性质, 组织形式"),
        ),
        Field(
            name="line_of_business", label=_("Line of business"),
            synonyms=words("business scope, activity, 经营范围, 主营业务"),
        ),
        Field(name="assets", label=_("Assets"), kind=Kind.DECIMAL, decimals=4, synonyms=words("资产, 资产总额")),
        Field(
            name="registered_capital", label=_("Registered capital"), kind=Kind.DECIMAL, decimals=4,
            synonyms=words("capital, share capital, 注册资本, 註冊資本"),
        ),
        Field(
            name="currency", label=_("Currency"), kind=Kind.CHOICE,
            choices=_choices(Currency), synonyms=words("币种, 幣別"),
        ),
        Field(
            name="scale", label=_("Scale"), kind=Kind.CHOICE,
            choices=_choices(Scale), synonyms=words("size, 规模, 規模"),
        ),
        Field(name="service_area", label=_("Service area"), synonyms=words("market, 服务区域, 销售区域")),
        Field(name="philosophy", label=_("Philosophy"), synonyms=words("经营理念, 理念")),
        Field(name="direction", label=_("Direction"), synonyms=words("strategy, 发展方向, 经营方向")),
        Field(name="features", label=_("Features"), synonyms=words("特点, 特色")),
        Field(name="image", label=_("Image"), synonyms=words("企业形象, 形象")),
        Field(name="reputation", label=_("Reputation"), synonyms=words("声誉, 信誉, 聲譽")),
        Field(name="sales_ability", label=_("Sales ability"), synonyms=words("销售能力, 銷售能力")),
        Field(name="results", label=_("Results"), synonyms=words("performance, 业绩, 经营业绩")),
        Field(name="potential", label=_("Potential"), synonyms=words("发展潜力, 潜力")),
        Field(name="strengths", label=_("Strengths"), synonyms=words("advantages, 优势, 優勢")),
        Field(name="problems", label=_("Problems"), synonyms=words("issues, 存在问题, 問題")),
        Field(name="planned_answers", label=_("Planned answers"), synonyms=words("measures, 对策, 對策")),
        Field(name="payment_terms", label=_("Payment terms"), synonyms=words("terms, 付款条件, 交易条件")),
        Field(
            name="credit_state", label=_("Credit state"), kind=Kind.CHOICE,
            choices=_choices(CreditState), synonyms=words("credit rating, 信用状况, 信用狀況"),
        ),
        Field(name="credit_incidents", label=_("Credit incidents"), synonyms=words("信用问题, 信用记录")),
        Field(name="relationship", label=_("Relationship with us"), synonyms=words("业务关系, 关系")),
        Field(
            name="cooperation", label=_("Attitude to cooperation"), kind=Kind.CHOICE,
            choices=_choices(Cooperation), synonyms=words("合作态度, 合作態度"),
        ),
    ),
)  # fmt: skip

IMPORTED_PERSON_PROFILES = Target(
    slug="person-profiles",
    label=_("Person profiles"),
    description=_("What you know of the people you trade with: one row a person."),
    key=("customer",),
    fields=(
        _CUSTOMER,
        Field(name="form_of_address", label=_("Form of address"), synonyms=words("salutation, title, 称呼, 稱呼")),
        Field(
            name="gender", label=_("Gender"), kind=Kind.CHOICE,
            choices=_choices(Gender), synonyms=words("sex, 性别, 性別"),
        ),
        Field(name="born_on", label=_("Born on"), kind=Kind.DAY, synonyms=words("birthday, 生日, 出生日期")),
        Field(name="home_town", label=_("Home town"), synonyms=words("birthplace, 籍贯, 籍貫, 出生地")),
        Field(name="languages", label=_("Languages"), synonyms=words("语言, 語言")),
        Field(
            name="degree", label=_("Degree"), kind=Kind.CHOICE,
            choices=_choices(Degree), synonyms=words("education, 学历, 學歷"),
        ),
        Field(name="school", label=_("School or university"), synonyms=words("university, 毕业院校, 學校")),
        Field(name="field_of_study", label=_("Field of study"), synonyms=words("major, 专业, 專業")),
        Field(name="graduated_in", label=_("Graduated in"), kind=Kind.INTEGER, synonyms=words("毕业年份, 畢業年份")),
        Field(name="honours", label=_("Honours"), synonyms=words("awards, 荣誉, 榮譽")),
        Field(name="occupation", label=_("Occupation"), synonyms=words("profession, job, 职业, 職業")),
        Field(name="employer", label=_("Employer"), synonyms=words("company, workplace, 工作单位, 雇主")),
        Field(name="career_so_far", label=_("Career so far"), synonyms=words("work history, 工作经历, 經歷")),
        Field(name="ambitions", label=_("Ambitions"), synonyms=words("goals, 事业目标, 目標")),
        Field(name="hobbies", label=_("Hobbies"), synonyms=words("interests, 爱好, 兴趣爱好, 興趣")),
        Field(name="sports", label=_("Sports"), synonyms=words("运动, 運動")),
        Field(name="food_and_drink", label=_("Food and drink"), synonyms=words("饮食, 飲食")),
        Field(name="reading", label=_("Reading and media"), synonyms=words("media, 阅读, 閱讀")),
        Field(name="travel", label=_("Travel"), synonyms=words("旅行, 度假")),
        Field(name="vehicle", label=_("Vehicle"), synonyms=words("car, 车辆, 車輛")),
        Field(name="character", label=_("Character"), synonyms=words("性格, 个性, 個性")),
        Field(name="way_of_deciding", label=_("Way of deciding"), synonyms=words("决策方式, 決策方式")),
        Field(name="proud_of", label=_("Proud of"), synonyms=words("achievements, 成就")),
        Field(name="dislikes", label=_("Dislikes"), synonyms=words("禁忌, 忌讳, 忌諱")),
        Field(name="clubs", label=_("Clubs and associations"), synonyms=words("memberships, 社团, 协会")),
        Field(name="circle", label=_("Circle of friends"), synonyms=words("friends, 朋友圈, 人脉")),
        Field(name="standing", label=_("Standing in the community"), synonyms=words("社会地位, 社會地位")),
        Field(name="online_presence", label=_("Seen online"), synonyms=words("social media, 社交账号, 社群")),
    ),
)  # fmt: skip
