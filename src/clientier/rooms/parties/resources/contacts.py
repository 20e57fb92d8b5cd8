from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit import panels, timeline
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.parties.commands.contacts import change_contact, enter_contact
from clientier.rooms.parties.models import Contact
from clientier.rooms.parties.queries.changes import contacts_told
from clientier.rooms.parties.queries.contacts import (
    left_badge,
    line_on_card,
    people_on_card,
    posts_on_card,
    reach_on_card,
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
        business_card={
            "UID": "external_id",
            "FN": "name",
            "ORG": "customer__name",
            "ORG.unit": "department",
            "TITLE": "job_title",
            "TEL": "phone",
            "EMAIL": "email",
            "X-WECHAT": "wechat",
            "CHANNELS": "channels",
        },
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
            Column(path="channels", shown=False, sortable=False),
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
                (
                    "phone",
                    "email",
                    "wechat",
                    "channels",
                    "preferred_channel",
                    "preferred_times",
                    "do_not_contact",
                ),
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

panels.add(
    "customers", panels.Panel("people", _("People"), "parties/people.html", people_on_card, "side", 20)
)
panels.add(
    "contacts", panels.Panel("reach", _("Reached at"), "parties/reach.html", reach_on_card, "side", 10)
)
panels.add(
    "contacts", panels.Panel("posts", _("Other posts"), "parties/posts.html", posts_on_card, "side", 20)
)
panels.add(
    "contacts", panels.Panel("line", _("Reporting line"), "parties/line.html", line_on_card, "side", 30)
)
panels.mark("contacts", left_badge)
timeline.tell("customers", timeline.Source("contact", _("People"), Contact, contacts_told, 50))
