"""The numbers under which companies are registered, checked by the rules of their country."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clientier.rooms.parties.choices.countries import region_of

KINDS = (
    "uscc", "ubn", "ein", "vat", "businessid", "cn", "brn", "uen", "abn", "acn", "bn", "uid", "siren", "siret",
    "gstin", "cnpj", "inn", "mst", "orgnr",
)  # fmt: skip


def refuse_wrong_number(number: str, country: str) -> None:
    """Raise ValidationError where the check digits of a number do not fit any of its country's kinds of number.

    A number of unknown form, or of a country that is not known, is kept as it is written: there are older
    numbers, and other registers.
    """
    if number.strip() and is_mistyped(number, country):
        raise ValidationError(
            {
                "registration_number": _(
                    "The check digit of “%(number)s” does not fit: a letter or figure is wrong, or two are "
                    "exchanged. Compare it with the business licence or an invoice."
                )
                % {"number": number}
            }
        )


def is_mistyped(number: str, country: str) -> bool:
    """Whether a number has the form of one of its country, and a check digit that does not fit."""
    from stdnum.exceptions import InvalidChecksum
    from stdnum.exceptions import ValidationError as NotThis

    mistyped = False
    for kind in _kinds(region_of(country)):
        try:
            kind.validate(number)
        except InvalidChecksum:
            mistyped = True
        except NotThis:
            continue
        else:
            return False
    return mistyped


@cache
def _kinds(region: str) -> tuple[Any, ...]:
    """The kinds of number that companies of a country have, as far as there are rules for them.

    To look for those that there are not takes longer than all checks of a row that is imported.
    """
    from stdnum import get_cc_module  # loaded when a number is entered, not at every start

    found = [get_cc_module(region.lower(), kind) for kind in KINDS] if region else []
    return tuple({id(module): module for module in found if module}.values())
