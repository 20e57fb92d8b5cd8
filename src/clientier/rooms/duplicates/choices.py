from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PairState(models.TextChoices):
    """What was decided of two records that may be one; those that were merged are kept as a merge."""

    OPEN = "open", pgettext_lazy("pair", "To decide")
    DISTINCT = "distinct", pgettext_lazy("pair", "Not the same")
    TIED = "tied", pgettext_lazy("pair", "Same person")


STATE_TONES: dict[str, str] = {PairState.OPEN: "warn", PairState.DISTINCT: "", PairState.TIED: "good"}

# The facts that are compared, as the search for duplicates names them, and the fields that hold them.
FACT_LABELS = {
    "core": _("name"),
    "given": _("given name"),
    "family": _("family name"),
    "born": _("born on"),
    "number": _("registration number"),
    "phone": _("phone"),
    "email": _("e-mail"),
    "domain": _("web or e-mail domain"),
    "street": _("street"),
    "house": _("house number"),
    "postcode": _("postcode"),
    "city": _("city"),
    "region": _("province or state"),
    "third": _("a third one that both are like"),
    "employer": _("customer"),
}
FACT_FIELDS = {
    "core": "name", "given": "name", "family": "name", "number": "registration_number", "phone": "phone",
    "email": "email", "domain": "website", "city": "city", "region": "region",
}  # fmt: skip
CONTACT_FACT_FIELDS = {
    "given": "name", "family": "name", "phone": "phone", "email": "email", "employer": "customer",
}  # fmt: skip
PERSON_FACT_FIELDS = {
    "given": "name", "family": "name", "phone": "phone", "email": "email", "employer": "person_profile__employer",
}  # fmt: skip
STEP_LABELS = {
    "equal": pgettext_lazy("likeness", "the same"),
    "equal core": pgettext_lazy("likeness", "the same but for place, trade or legal form"),
    "near": pgettext_lazy("likeness", "nearly the same"),
    "swapped": pgettext_lazy("likeness", "the same in the other order"),
    "part": pgettext_lazy("likeness", "partly the same"),
    "different": pgettext_lazy("likeness", "different"),
}
STEP_TONES = {
    "equal": "good",
    "equal core": "good",
    "near": "good",
    "swapped": "good",
    "part": "warn",
    "different": "bad",
}
