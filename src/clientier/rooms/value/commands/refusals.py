"""What the engine refuses, in the reader's words instead of its codes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clientier.worth import WorthError


def why(refusal: WorthError) -> str:
    """The reason as a sentence; a code without words of its own is named, for whoever keeps the house."""
    words = {
        "unknown_setting": _("There is no rule “%(setting)s”."),
        "setting_of_wrong_type": _("The rule “%(setting)s” cannot be %(value)s."),
        "setting_out_of_range": _("The rule “%(setting)s” cannot be %(value)s."),
    }
    return words.get(refusal.code, _("The books cannot be read (%(code)s).")) % {
        "code": refusal.code,
        **refusal.values,
    }
