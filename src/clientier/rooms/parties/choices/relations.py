"""How customers and people are related, in the words of both ends, and how files name it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit.imports.targets import Choice, Field, Kind, Target, words


class RelationKind(models.TextChoices):
    """What the first end is to the second."""

    INTRODUCED_BY = "introduced_by", pgettext_lazy("relation", "Introduced by")
    DEALER_OF = "dealer_of", pgettext_lazy("relation", "Dealer of")
    SUPPLIER_OF = "supplier_of", pgettext_lazy("relation", "Supplier of")
    COMPETITOR_AT = "competitor_at", pgettext_lazy("relation", "Our competitor at")
    ADVISER_OF = "adviser_of", pgettext_lazy("relation", "Adviser of")
    PARTNER_OF = "partner_of", pgettext_lazy("relation", "Partner of")
    FAMILY_OF_OWNER = "family_of_owner", pgettext_lazy("relation", "Family of the owner of")
    SAME_PERSON = "same_person", pgettext_lazy("relation", "Same person as")


SEEN_FROM_THE_OTHER_END = {
    RelationKind.INTRODUCED_BY: pgettext_lazy("relation", "Introduced"),
    RelationKind.DEALER_OF: pgettext_lazy("relation", "Sells through"),
    RelationKind.SUPPLIER_OF: pgettext_lazy("relation", "Supplied by"),
    RelationKind.COMPETITOR_AT: pgettext_lazy("relation", "Also served by our competitor"),
    RelationKind.ADVISER_OF: pgettext_lazy("relation", "Advised by"),
    RelationKind.PARTNER_OF: pgettext_lazy("relation", "Partner of"),
    RelationKind.FAMILY_OF_OWNER: pgettext_lazy("relation", "Owner's family"),
    RelationKind.SAME_PERSON: pgettext_lazy("relation", "Same person as"),
}

IMPORTED_RELATIONS = Target(
    slug="relations",
    label=_("Relations"),
    description=_("Who introduced whom, who deals for whom, who competes where: one relation a row."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=pgettext_lazy("record", "Number"),
            max_length=60,
            help=_("By this number rows find their relation again; without it, by what they say."),
            synonyms=words("id, relation id, 编号"),
        ),
        Field(
            name="from_customer",
            label=_("From customer"),
            required=True,
            lookup="customers",
            synonyms=words("from, customer, source, 客户编号, 来源客户"),
        ),
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            required=True,
            synonyms=words("relation, relationship, type, 关系, 关系类型, 關係"),
            choices=tuple(
                Choice(value, label)
                for value, label in RelationKind.choices
                if value != RelationKind.SAME_PERSON  # one of its ends is a contact, and files name customers
            ),
        ),
        Field(
            name="to_customer",
            label=_("To customer"),
            required=True,
            lookup="customers",
            synonyms=words("to, related customer, target, 关联客户, 關聯客戶"),
        ),
        Field(
            name="since",
            label=pgettext_lazy("relation", "Since"),
            kind=Kind.DAY,
            synonyms=words("start, 开始日期"),
        ),
        Field(
            name="until",
            label=pgettext_lazy("relation", "Until"),
            kind=Kind.DAY,
            synonyms=words("end, 结束日期"),
        ),
        Field(name="note", label=_("Note"), synonyms=words("remark, comment, 备注, 備註")),
    ),
)
