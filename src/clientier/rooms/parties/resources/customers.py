from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.custom.definitions import refer_to
from clientier.core.custom.models import Kind as KindOfCustomField
from clientier.kit import timeline
from clientier.kit.resource import Column, Companion, Resource, Section, register
from clientier.rooms.parties.commands.customers import change_customer, enter_customer
from clientier.rooms.parties.models import Customer
from clientier.rooms.parties.queries.changes import owners_told
from clientier.rooms.parties.resources.profiles import company_profiles, person_profiles

refer_to(KindOfCustomField.CUSTOMER, Customer._meta.label_lower)
# Of the profiles, what one picks customers by.
OF_COMPANIES = (
    "legal_name", "founded_on", "organisation_form", "line_of_business", "scale", "payment_terms", "credit_state",
    "cooperation",
)  # fmt: skip
OF_PERSONS = ("born_on", "occupation", "employer", "hobbies", "clubs")

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
        business_card={
            "UID": "external_id",
            "FN": "name",
            "KIND": "kind",
            "TEL": "phone",
            "EMAIL": "email",
            "URL": "website",
            "ADR.city": "city",
            "ADR.region": "region",
            "ADR.country": "country",
            "NOTE": "note",
        },
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


timeline.tell("customers", timeline.Source("owner", _("Account manager"), Customer, owners_told, 70))
