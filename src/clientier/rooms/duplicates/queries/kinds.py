"""The kinds of records that may be kept twice: what each is compared by, called and merged with.

All that is done with duplicates asks here for what differs; how it is done is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core.errors import Conflict
from clientier.core.likeness.comparisons import COMPANY, CONTACT, PERSON
from clientier.kit.resource import Words
from clientier.rooms.duplicates.choices import CONTACT_FACT_FIELDS, FACT_FIELDS
from clientier.rooms.duplicates.models import (
    ContactMerge,
    ContactPair,
    DuplicatePair,
    Merge,
    MergedAway,
    MergedContact,
    MergedCustomer,
    MergeOfSeveral,
    PairOfTwo,
)
from clientier.rooms.duplicates.queries.comparing import Compared, compared_contacts, compared_customers
from clientier.rooms.duplicates.queries.gathering import gathered_of_contacts, gathered_of_customers
from clientier.rooms.parties.models import Contact, Customer

Gather = Callable[[Any, Sequence[Any], Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Comparing:
    """One search: the records with these values are compared as this kind of thing."""

    compared_as: str
    records: Callable[[], Compared]
    only: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Mergeable:
    """``fields`` are all that one fills in and may choose, ``above`` those that lead to a record of the same kind;
    ``gathers`` says what stands where nobody chooses and the first value is not the answer."""

    model: type[Model]
    pair: type[PairOfTwo]
    merge: type[MergeOfSeveral]
    part: type[MergedAway]
    slug: str
    pair_slug: str
    merge_slug: str
    verb: str
    title: Words
    side_by_side: Words
    fields: tuple[str, ...]
    above: tuple[str, ...]
    facts: Mapping[str, str]
    gathers: Gather
    searches: tuple[Comparing, ...]
    refuse: Callable[[Sequence[Any]], None] = lambda everybody: None

    @property
    def pairs(self) -> Any:
        """All pairs of this kind, whoever asks; and so for the others."""
        return self.pair._default_manager

    @property
    def parts(self) -> Any:
        return self.part._default_manager

    @property
    def records(self) -> Any:
        return self.model._default_manager


def _refuse_of_several_customers(everybody: Sequence[Contact]) -> None:
    if len({each.customer_id for each in everybody}) > 1:
        raise Conflict(
            _(
                "They are posts at several customers. Say that they are the same person instead: each post stays "
                "where it is. Nothing was changed."
            )
        )


CUSTOMERS = Mergeable(
    model=Customer,
    pair=DuplicatePair,
    merge=Merge,
    part=MergedCustomer,
    slug="customers",
    pair_slug="duplicates",
    merge_slug="merges",
    verb="customer",
    title=gettext_lazy("Merge customers"),
    side_by_side=gettext_lazy("The customers side by side"),
    fields=(
        "name", "kind", "external_id", "other_names", "parent", "phone", "email", "website", "country", "region",
        "city", "industry", "employees", "registration_number", "first_seen", "owner", "territory", "note",
    ),
    above=("parent",),
    facts=FACT_FIELDS,
    gathers=gathered_of_customers,
    searches=tuple(
        Comparing(kind, lambda kind=kind: compared_customers(kind), {"kind": kind})  # type: ignore[misc]
        for kind in (COMPANY, PERSON)
    ),
)  # fmt: skip
CONTACTS = Mergeable(
    model=Contact,
    pair=ContactPair,
    merge=ContactMerge,
    part=MergedContact,
    slug="contacts",
    pair_slug="contact-duplicates",
    merge_slug="contact-merges",
    verb="contact",
    title=gettext_lazy("Merge contacts"),
    side_by_side=gettext_lazy("The contacts side by side"),
    fields=(
        "name", "external_id", "job_title", "department", "in_charge_as", "reports_to", "decision_role", "influence",
        "attitude", "phone", "email", "wechat", "channels", "preferred_channel", "preferred_times", "do_not_contact",
        "same_person_as", "left_on", "birth_year", "education", "character", "interests", "abilities",
    ),
    above=("reports_to", "same_person_as"),
    facts=CONTACT_FACT_FIELDS,
    gathers=gathered_of_contacts,
    searches=(Comparing(CONTACT, compared_contacts, {}),),
    refuse=_refuse_of_several_customers,
)  # fmt: skip
KINDS = (CUSTOMERS, CONTACTS)


def kind_of(model: type[Model]) -> Mergeable:
    """The kind that a record, a pair, a merge or a part of one is about."""
    return next(kind for kind in KINDS if model in (kind.model, kind.pair, kind.merge, kind.part))
