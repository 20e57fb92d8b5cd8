"""How the duties that follow from warnings are called, and why they are due now, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.kit.cells import Setting
from clientier.rooms.value.choices import Warning


def duty_title(code: str) -> str:
    return {
        Warning.SILENCE: _("Call and ask why it has gone quiet"),
        Warning.ACTIVITY_DROP: _("Get in touch before it drifts away"),
        Warning.PURCHASES_FALLING: _("Find out why it buys less"),
        Warning.BELOW_ZERO: _("Review terms and service: it costs more than it brings"),
    }[Warning(code)]


def duty_reason(facts: dict[str, Any], setting: Setting) -> str:
    """The sentence for the code and the figures that a duty was made from."""
    match facts["code"]:
        case Warning.SILENCE:
            return _("silent for %(days)d days; usually buys every %(gap)d days") % facts
        case Warning.ACTIVITY_DROP:
            words = _("the chance of a purchase within 90 days has fallen to %(chance)s")
            return words % {"chance": formats.percent(facts["chance"])}
        case Warning.PURCHASES_FALLING:
            words = _("bought %(change)s against the year before")
            return words % {"change": formats.percent(facts["change"])}
        case _:
            words = _("cost %(loss)s more than it brought in 12 months")
            return words % {"loss": formats.short(facts["loss"], setting.currency)}
