from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.parties.models import Address
from clientier.rooms.parties.queries.maps import map_offered, ways_to_map

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
            Column(path="latitude", shown=False),
            Column(path="longitude", shown=False),
        ),
        form=(
            Section("", ("customer", "kind", "line", "city", "region", "postcode", "country")),
            Section(_("On the map"), ("latitude", "longitude")),
        ),
        empty=_("Where customers are registered, receive goods and are billed."),
    )
)

panels.offer("addresses", ways_to_map)
panels.offer_on_list("customers", map_offered)
