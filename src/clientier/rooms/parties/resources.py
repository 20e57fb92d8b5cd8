from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clientier.core.actor import Actor
from clientier.kit import panels
from clientier.kit.imports import registry
from clientier.kit.imports.registry import ImportTarget, each
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.parties.choices import IMPORTED_ADDRESSES, IMPORTED_CONTACTS, IMPORTED_CUSTOMERS
from clientier.rooms.parties.commands import write_addresses, write_contacts, write_customers
from clientier.rooms.parties.models import Address, Contact, Customer
from clientier.rooms.parties.queries import people_on_card

customers = register(
    Resource(
        model=Customer,
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
        slug="contacts",
        icon="address-book",
        title_column="name",
        order="sort_key",
        searchable=True,
        hint_paths=("job_title",),
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
            Column(path="do_not_contact", shown=False),
            Column(path="left_on", shown=False),
        ),
        form=(
            Section(pgettext_lazy("section", "Who"), ("customer", "name", "job_title", "department")),
            Section(_("In the decision"), ("decision_role", "attitude")),
            Section(_("Reached at"), ("phone", "email", "wechat", "do_not_contact", "left_on")),
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


def _print_card(actor: Actor, customer: Customer) -> list[dict[str, Any]]:
    return [{"label": gettext("Print card"), "method": "print", "icon": "printer"}]


panels.offer("customers", _print_card)
panels.add(
    "customers", panels.Panel("people", _("People"), "parties/people.html", people_on_card, "side", 20)
)

registry.register_lookup("customers", Customer, "external_id", _("customer"))
registry.register_lookup("contacts", Contact, "external_id", _("contact"))
registry.register(
    ImportTarget(
        target=IMPORTED_CUSTOMERS,
        place=10,
        writes=(Customer,),
        begin=each(write_customers, Customer),
        shown_in="customers",
        icon="users",
        changes_value=True,
    )
)
registry.register(
    ImportTarget(
        target=IMPORTED_CONTACTS,
        place=50,
        writes=(Contact,),
        begin=each(write_contacts, Contact),
        shown_in="contacts",
        icon="address-book",
    )
)
registry.register(
    ImportTarget(
        target=IMPORTED_ADDRESSES,
        place=80,
        writes=(Address,),
        begin=each(write_addresses, Address),
        shown_in="addresses",
        icon="map-pin",
    )
)
