from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels, timeline
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.parties.models import Relation
from clientier.rooms.parties.queries.changes import relations_told
from clientier.rooms.parties.queries.relations import RELATIONS, relations_on_card

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

for slug, order in (("customers", 25), ("contacts", 40)):
    panels.add(
        slug,
        panels.Panel("relations", _("Relations"), "parties/relations.html", relations_on_card, "side", order),
    )
timeline.tell(
    "customers", timeline.Source("relation", _("Relations"), Relation, relations_told, 60, RELATIONS)
)
