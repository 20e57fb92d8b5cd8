from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor
from clientier.kit import panels, timeline
from clientier.kit.imports import registry
from clientier.kit.imports.registry import Begin, ImportTarget, each
from clientier.kit.imports.targets import Target
from clientier.kit.resource import Column, Companion, Resource, Section, register
from clientier.rooms.parties.choices.addresses import IMPORTED_ADDRESSES
from clientier.rooms.parties.choices.contacts import IMPORTED_CONTACTS
from clientier.rooms.parties.choices.customers import IMPORTED_CUSTOMERS
from clientier.rooms.parties.choices.profiles import (
    COMPANY_GROUPS,
    CREDIT_TONES,
    IMPORTED_COMPANY_PROFILES,
    IMPORTED_PERSON_PROFILES,
    PERSON_GROUPS,
)
from clientier.rooms.parties.choices.relations import IMPORTED_RELATIONS
from clientier.rooms.parties.commands.addresses import write_addresses
from clientier.rooms.parties.commands.contacts import ContactWriting, change_contact, enter_contact
from clientier.rooms.parties.commands.customers import CustomerWriting, change_customer, enter_customer
from clientier.rooms.parties.commands.profiles import write_company_profiles, write_person_profiles
from clientier.rooms.parties.commands.relations import RelationWriting
from clientier.rooms.parties.models import Address, CompanyProfile, Contact, Customer, PersonProfile, Relation
from clientier.rooms.parties.queries import changes
from clientier.rooms.parties.queries.contacts import line_on_card, people_on_card, posts_on_card
from clientier.rooms.parties.queries.profiles import profile_on_card
from clientier.rooms.parties.queries.relations import relations_on_card

# Of the profiles, what one picks customers by.
OF_COMPANIES = (
    "legal_name", "founded_on", "organisation_form", "line_of_business", "scale", "payment_terms", "credit_state",
    "cooperation",
)  # fmt: skip
OF_PERSONS = ("born_on", "occupation", "employer", "hobbies", "clubs")


def _columns(groups: dict[str, Section], shown: set[str]) -> tuple[Column, ...]:
    """Every field of the groups; amounts in the currency of the profile."""
    return tuple(
        Column(
            path=name,
            shown=name in shown,
            currency="currency" if name in ("assets", "registered_capital") else "",
            tones=CREDIT_TONES if name == "credit_state" else {},
        )
        for group in groups.values()
        for name in group.fields
    )


company_profiles = register(
    Resource(
        model=CompanyProfile,
        slug="company-profiles",
        icon="building",
        order="pk",
        columns=(
            Column(path="customer"),
            *_columns(
                COMPANY_GROUPS,
                {"organisation_form", "line_of_business", "scale", "credit_state", "cooperation"},
            ),
        ),
        form=(Section("", ("customer",)), *COMPANY_GROUPS.values()),
        empty=_(
            "What companies are, how they fare and how they trade. A profile begins on the customer's card."
        ),
    )
)
person_profiles = register(
    Resource(
        model=PersonProfile,
        slug="person-profiles",
        icon="user",
        order="pk",
        columns=(
            Column(path="customer"),
            *_columns(PERSON_GROUPS, {"born_on", "occupation", "employer", "hobbies", "clubs"}),
        ),
        form=(Section("", ("customer",)), *PERSON_GROUPS.values()),
        empty=_("What you know of the people you trade with. A profile begins on the customer's card."),
    )
)
customers = register(
    Resource(
        model=Customer,
        create=enter_customer,
        update=change_customer,
        companions=(
            Companion(resource=company_profiles, path="customer", when=("kind", "company")),
            Companion(resource=person_profiles, path="customer", when=("kind", "person")),
        ),
        slug="customers",
        icon="users",
        title_column="name",
        order="sort_key",
        searchable=True,
        hint_paths=("city", "industry"),
        columns=(
            Column(path="name", place=10),
            Column(path="sort_key", label=_("order by name"), shown=False, filterable=False, place=99),
            Column(path="kind", shown=False),
            Column(path="city", place=60),
            Column(path="industry", shown=False),
            Column(path="owner", kind="user", place=70),
            Column(path="territory", shown=False),
            Column(path="external_id", shown=False),
            Column(path="phone", shown=False),
            Column(path="email", shown=False),
            Column(path="country", shown=False),
            Column(path="region", shown=False),
            Column(path="employees", shown=False),
            Column(path="parent", shown=False),
            Column(path="first_seen", shown=False),
            *(
                Column(path=f"company_profile__{name}", shown=False, sortable=False, place=90)
                for name in OF_COMPANIES
            ),
            *(
                Column(path=f"person_profile__{name}", shown=False, sortable=False, place=91)
                for name in OF_PERSONS
            ),
        ),
        form=(
            Section(
                pgettext_lazy("section", "Who"), ("name", "kind", "other_names", "external_id", "parent")
            ),
            Section(_("Reached at"), ("phone", "email", "website", "country", "region", "city")),
            Section(_("Business"), ("industry", "employees", "registration_number", "first_seen")),
            Section(_("Looked after by"), ("owner", "territory")),
            Section(_("Note"), ("note",)),
        ),
        empty=_(
            "Customers are everyone you trade with or hope to. Import your list, or add the first by hand."
        ),
    )
)
contacts = register(
    Resource(
        model=Contact,
        create=enter_contact,
        update=change_contact,
        slug="contacts",
        icon="address-book",
        title_column="name",
        order="sort_key",
        searchable=True,
        hint_paths=("job_title", "customer__name"),
        columns=(
            Column(path="name"),
            Column(path="sort_key", label=_("order by name"), shown=False, filterable=False, place=99),
            Column(path="customer"),
            Column(path="job_title"),
            Column(path="decision_role"),
            Column(path="attitude", tones={"supporter": "good", "neutral": "", "opponent": "bad"}),
            Column(path="phone"),
            Column(path="email", shown=False),
            Column(path="wechat", shown=False),
            Column(path="influence", shown=False),
            Column(path="in_charge_as", shown=False),
            Column(path="department", shown=False),
            Column(path="reports_to", shown=False),
            Column(path="same_person_as", shown=False),
            Column(path="preferred_channel", shown=False),
            Column(path="preferred_times", shown=False),
            Column(path="do_not_contact", shown=False),
            Column(path="left_on", shown=False),
            Column(path="birth_year", kind="text", shown=False, filterable=False),
        ),
        form=(
            Section(
                pgettext_lazy("section", "Who"),
                ("customer", "name", "job_title", "department", "in_charge_as", "reports_to"),
            ),
            Section(_("In the decision"), ("decision_role", "influence", "attitude")),
            Section(
                _("Reached at"),
                ("phone", "email", "wechat", "preferred_channel", "preferred_times", "do_not_contact"),
            ),
            Section(_("Elsewhere and before"), ("same_person_as", "left_on")),
            Section(
                _("As a person"),
                ("birth_year", "education", "character", "interests", "abilities"),
                folded=True,
            ),
        ),
        empty=_("The people at your customers: who decides, who buys, who speaks for you."),
    )
)
addresses = register(
    Resource(
        model=Address,
        slug="addresses",
        icon="map-pin",
        order="pk",
        columns=(
            Column(path="customer"),
            Column(path="kind"),
            Column(path="line"),
            Column(path="city"),
            Column(path="region", shown=False),
            Column(path="postcode", shown=False),
            Column(path="country"),
        ),
        form=(
            Section("", ("customer", "kind", "line", "city", "region", "postcode", "country")),
            Section(_("On the map"), ("latitude", "longitude")),
        ),
        empty=_("Where customers are registered, receive goods and are billed."),
    )
)
relations = register(
    Resource(
        model=Relation,
        slug="relations",
        icon="share",
        order="-pk",
        columns=(
            Column(path="from_customer"),
            Column(path="from_contact", shown=False),
            Column(path="kind"),
            Column(path="to_customer"),
            Column(path="to_contact", shown=False),
            Column(path="since"),
            Column(path="until"),
            Column(path="note", shown=False),
            Column(path="external_id", shown=False),
        ),
        form=(
            Section(_("From"), ("from_customer", "from_contact")),
            Section(_("To"), ("kind", "to_customer", "to_contact")),
            Section(_("When"), ("since", "until", "note")),
        ),
        empty=_("Who introduced whom, who deals for whom, who competes where. Relations begin on a card."),
    )
)


def _print_card(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    return [{"label": gettext("Print card"), "method": "print", "icon": "printer"}]


panels.offer("customers", _print_card)
for panel in (
    panels.Panel("people", _("People"), "parties/people.html", people_on_card, "side", 20),
    panels.Panel("relations", _("Relations"), "parties/relations.html", relations_on_card, "side", 25),
    panels.Panel("profile", _("Profile"), "parties/profile.html", profile_on_card, "main", 50),
):
    panels.add("customers", panel)
for source in (
    timeline.Source("contact", _("People"), Contact, changes.contacts_told, 50),
    timeline.Source("relation", _("Relations"), Relation, changes.relations_told, 60),
    timeline.Source("owner", _("Account manager"), Customer, changes.owners_told, 70),
):
    timeline.tell("customers", source)
for panel in (
    panels.Panel("posts", _("Other posts"), "parties/posts.html", posts_on_card, "side", 20),
    panels.Panel("line", _("Reporting line"), "parties/line.html", line_on_card, "side", 30),
    panels.Panel("relations", _("Relations"), "parties/relations.html", relations_on_card, "side", 40),
):
    panels.add("contacts", panel)

registry.register_lookup("customers", Customer, "external_id", _("customer"))
registry.register_lookup("contacts", Contact, "external_id", _("contact"))
# Target, place among the imports, model, way to write it, slug of its list, icon.
IMPORTED: tuple[tuple[Target, int, type[Model], Begin, str, str], ...] = (
    (IMPORTED_CUSTOMERS, 10, Customer, CustomerWriting, "customers", "users"),
    (IMPORTED_CONTACTS, 50, Contact, ContactWriting, "contacts", "address-book"),
    (IMPORTED_ADDRESSES, 80, Address, each(write_addresses, Address), "addresses", "map-pin"),
    (
        IMPORTED_COMPANY_PROFILES, 82, CompanyProfile,
        each(write_company_profiles, CompanyProfile), "company-profiles", "building",
    ),
    (
        IMPORTED_PERSON_PROFILES, 84, PersonProfile,
        each(write_person_profiles, PersonProfile), "person-profiles", "user",
    ),
    (IMPORTED_RELATIONS, 86, Relation, RelationWriting, "relations", "share"),
)  # fmt: skip
for target, place, model, begin, slug, icon in IMPORTED:
    registry.register(
        ImportTarget(
            target=target,
            place=place,
            writes=(model,),
            begin=begin,
            shown_in=slug,
            icon=icon,
            changes_value=model is Customer,
        )
    )
