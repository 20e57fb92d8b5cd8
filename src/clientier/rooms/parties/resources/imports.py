from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clientier.kit.imports import lookups, registry
from clientier.kit.imports.registry import Begin, ImportTarget, each
from clientier.kit.imports.targets import Target
from clientier.rooms.parties.choices.addresses import IMPORTED_ADDRESSES
from clientier.rooms.parties.choices.contacts import IMPORTED_CONTACTS
from clientier.rooms.parties.choices.customers import IMPORTED_CUSTOMERS
from clientier.rooms.parties.choices.profiles import IMPORTED_COMPANY_PROFILES, IMPORTED_PERSON_PROFILES
from clientier.rooms.parties.choices.relations import IMPORTED_RELATIONS
from clientier.rooms.parties.commands.addresses import write_addresses
from clientier.rooms.parties.commands.contact_files import ContactWriting
from clientier.rooms.parties.commands.customer_files import ADDRESS_FIELDS, CustomerWriting
from clientier.rooms.parties.commands.customers import make_companies
from clientier.rooms.parties.commands.forgotten import beside_persons
from clientier.rooms.parties.commands.profiles import write_company_profiles, write_person_profiles
from clientier.rooms.parties.commands.relations import RelationWriting
from clientier.rooms.parties.models import (
    Address,
    CompanyProfile,
    Contact,
    Customer,
    PersonProfile,
    Relation,
)

lookups.register_lookup(
    "customers", Customer, "external_id", _("customer"), also=("name",), make=make_companies
)
lookups.register_lookup("contacts", Contact, "external_id", _("contact"))
# Target, place among the imports, model, way to write it, slug of its list, icon.
IMPORTED: tuple[tuple[Target, int, type[Model], Begin, str, str], ...] = (
    (IMPORTED_CUSTOMERS, 10, Customer, CustomerWriting, "customers", "users"),
    (IMPORTED_CONTACTS, 50, Contact, ContactWriting, "contacts", "address-book"),
    (IMPORTED_ADDRESSES, 80, Address, beside_persons(write_addresses, Address), "addresses", "map-pin"),
    (
        IMPORTED_COMPANY_PROFILES, 82, CompanyProfile,
        each(write_company_profiles, CompanyProfile), "company-profiles", "building",
    ),
    (
        IMPORTED_PERSON_PROFILES, 84, PersonProfile,
        beside_persons(write_person_profiles, PersonProfile), "person-profiles", "user",
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
            also={Address: ADDRESS_FIELDS} if model is Customer else {},
            makes=(Customer,) if model is Contact else (),
            beside={"customers_made": _("companies made")} if model is Contact else {},
        )
    )
