"""What is known of a record, each fact with its label and the way to its past.

A tag and not a template, because a card has some twenty of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.kit.templatetags.cells import plain_cell, show_cell
from clientier.kit.templatetags.icons import icon

register = template.Library()

Fact = Mapping[str, Any]
PAST = (
    '<details class="menu end fact-past" data-menu><summary aria-label="{since}" hx-get="{url}"'
    ' hx-trigger="click once" hx-target="#past-{name}" hx-swap="innerHTML">{sign}</summary>'
    '<div class="menu-panel" id="past-{name}"><a class="menu-item" href="{url}">{words}</a></div></details>\n'
)


@register.simple_tag
def fact_rows(facts: Iterable[Fact]) -> SafeString:
    """The facts as the rows of a list of terms."""
    since, words, sign = _("Since when: %(field)s"), escape(_("History of this field")), icon("history")
    return SafeString("".join(_row(fact, since, words, sign) for fact in facts))


def _row(fact: Fact, since: str, words: str, sign: SafeString) -> str:
    summed = ' class="sum"' if fact.get("sum") else ""
    past = _past(fact, since, words, sign) if fact.get("past_url") else ""
    label = escape(capfirst(str(fact["label"])))
    return f"<div{summed}><dt>{label}</dt><dd>{show_cell(plain_cell(fact['cell']))}{past}</dd></div>"


def _past(fact: Fact, since: str, words: str, sign: SafeString) -> str:
    """The mark beside a fact that tells since when it is so, and by whom."""
    name = escape(fact["name"])
    return PAST.format(
        since=since % {"field": escape(str(fact["label"]))},
        url=f"{escape(fact['past_url'])}?field={name}",
        name=name,
        sign=sign,
        words=words,
    )
