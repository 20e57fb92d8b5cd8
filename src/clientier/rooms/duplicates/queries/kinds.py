"""The kinds of records that may be kept twice: what each is compared by, called and merged with.

All that is done with duplicates asks here for what differs; how it is done is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core.errors import Conflict
from clientier.core.likeness.comparisons import COMPANY, CONTACT, PERSON
from clientier.core.likeness.gathered import Gathered
from clientier.kit.resource import Words
from clientier.rooms.duplicates.choices import CONTACT_FACT_FIELDS, FACT_FIELDS, PERSON_FACT_FIELDS
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
    PersonPair,
)
from clientier.rooms.duplicates.queries.comparing import (
    ends_among_both,
    gather_contacts,
    gather_contacts_and_persons,
    gather_customers,
)
from clientier.rooms.duplicates.queries.gathering import gathered_of_contacts, gathered_of_customers
from clientier.rooms.duplicates.queries.persons import posts_of_one, ties_to_persons
from clientier.rooms.parties.models import Contact, Customer

Gather = Callable[[Any, Sequence[Any], Mapping[str, Any]], Mapping[str, Any]]
Ends = tuple[int, int]


def _as_they_are(key: int, other: int) -> Ends:
    return key, other


@dataclass(frozen=True)
class Comparing:
    """One search: the records are compared as this kind of thing; ``only`` says which they are, at either end.

    ``ends`` are the keys of the two records of a pair, by their keys in the search.
    """

    compared_as: str
    gather: Callable[[Gathered], None]
    only: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    ends: Callable[[int, int], Ends] = _as_they_are


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Records of two kinds, or of one, that are proposed as the same: the first and the second of a pair.

    ``facts`` are the fields of each by which they are compared; ``tied`` are pairs that are known to be the same.
    """

    ends: tuple[type[Model], type[Model]]
    pair: type[PairOfTwo]
    pair_slug: str
    facts: tuple[Mapping[str, str], Mapping[str, str]]
    searches: tuple[Comparing, ...]
    tied: Callable[[], Callable[[Ends], bool]] = lambda: lambda ends: False

    @property
    def pairs(self) -> Any:
        """All pairs of this kind, whoever asks; and so for the others."""
        return self.pair._default_manager


@dataclass(frozen=True, kw_only=True)
class Mergeable(Paired):
    """``fields`` are all that one fills in and may choose, ``above`` those that lead to a record of the same kind;
    ``gathers`` says what stands where nobody chooses and the first value is not the answer."""

    model: type[Model]
    merge: type[MergeOfSeveral]
    part: type[MergedAway]
    slug: str
    merge_slug: str
    verb: str
    title: Words
    side_by_side: Words
    fields: tuple[str, ...]
    above: tuple[str, ...]
    gathers: Gather
    refuse: Callable[[Sequence[Any]], None] = lambda everybody: None

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
    ends=(Customer, Customer),
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
    facts=(FACT_FIELDS, FACT_FIELDS),
    gathers=gathered_of_customers,
    searches=tuple(
        Comparing(kind, partial(gather_customers, kind), ({"kind": kind}, {"kind": kind}))
        for kind in (COMPANY, PERSON)
    ),
)  # fmt: skip
CONTACTS = Mergeable(
    model=Contact,
    ends=(Contact, Contact),
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
    facts=(CONTACT_FACT_FIELDS, CONTACT_FACT_FIELDS),
    gathers=gathered_of_contacts,
    searches=(Comparing(CONTACT, gather_contacts),),
    tied=posts_of_one,
    refuse=_refuse_of_several_customers,
)  # fmt: skip
PERSONS = Paired(
    ends=(Contact, Customer),
    pair=PersonPair,
    pair_slug="person-duplicates",
    facts=(CONTACT_FACT_FIELDS, PERSON_FACT_FIELDS),
    searches=(Comparing(CONTACT, gather_contacts_and_persons, ({}, {"kind": PERSON}), ends_among_both),),
    tied=lambda: ties_to_persons().__contains__,
)
KINDS = (CUSTOMERS, CONTACTS)
PAIRED: tuple[Paired, ...] = (*KINDS, PERSONS)


def kind_of(model: type[Model]) -> Mergeable:
    """The kind that a record, a pair, a merge or a part of one is about."""
    return next(kind for kind in KINDS if model in (kind.model, kind.pair, kind.merge, kind.part))


def paired_of(pair: type[Model]) -> Paired:
    """The two kinds of record that such a pair is about."""
    return next(kind for kind in PAIRED if kind.pair is pair)
