from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.kit import panels
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.parties.choices.profiles import COMPANY_GROUPS, CREDIT_TONES, PERSON_GROUPS
from clientier.rooms.parties.models import CompanyProfile, PersonProfile
from clientier.rooms.parties.queries.profiles import profile_on_card


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
        form=(Section(pgettext_lazy("section", "Who"), ("customer",)), *COMPANY_GROUPS.values()),
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
        form=(Section(pgettext_lazy("section", "Who"), ("customer",)), *PERSON_GROUPS.values()),
        empty=_("What you know of the people you trade with. A profile begins on the customer's card."),
    )
)

panels.add(
    "customers",
    panels.Panel("profile", _("Profile"), "parties/profile.html", profile_on_card, "main", 50),
)
