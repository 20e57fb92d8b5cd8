"""Identity numbers of persons, checked by the rules of their country."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientier.rooms.parties.choices.countries import region_of

# By country, the numbers of python-stdnum that persons have there.
KINDS: dict[str, tuple[str, ...]] = {
    "CN": ("ric",), "US": ("ssn", "itin"), "DE": ("idnr",), "FR": ("nir",), "ES": ("dni", "nie"),
    "IT": ("codicefiscale",), "NL": ("bsn",), "PL": ("pesel",), "SE": ("personnummer",), "FI": ("hetu",),
    "NO": ("fodselsnummer",), "DK": ("cpr",), "BE": ("nn", "bis"), "CH": ("ssn",), "AT": ("vnr",),
    "PT": ("cc",), "CZ": ("rc",), "TR": ("tckimlik",), "BR": ("cpf",), "AR": ("dni",), "CL": ("rut",),
    "MX": ("curp",), "ZA": ("idnr",), "IL": ("idnr",), "IN": ("aadhaar",), "ID": ("nik",), "MY": ("nric",),
    "TH": ("pin",), "KR": ("rrn",), "CA": ("sin",), "EG": ("tn",),
}  # fmt: skip


def normal_number(number: str) -> str:
    """The number as it is compared: half-width, upper case, without spaces and dashes."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(letter for letter in plain if letter.isalnum())


def refuse_mistyped(number: str, country: str) -> None:
    """Raise ValidationError, without the number in it, where its check digit fits no number of that country."""
    from stdnum import get_cc_module  # loaded when a number is entered, not at every start
    from stdnum.exceptions import InvalidChecksum
    from stdnum.exceptions import ValidationError as NotThis

    region, mistyped = region_of(country), False
    for name in KINDS.get(region, ()):
        kind = get_cc_module(region.lower(), name)
        if kind is None:
            continue
        try:
            kind.validate(normal_number(number))
        except InvalidChecksum:
            mistyped = True
        except NotThis:
            continue
        else:
            return
    if mistyped:
        raise ValidationError(
            {"value": _("The check digit does not fit: a figure is wrong, or two are exchanged.")}
        )
