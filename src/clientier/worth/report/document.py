"""The frame of every page of the report: one HTML file with its style inside."""

from __future__ import annotations

from html import escape
from importlib import resources

from clientier.worth.report.words import say

LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


def document(title: str, body: str, language: str) -> str:
    """The whole page as HTML text; nothing in it points outside."""
    style = resources.files("clientier.worth.report").joinpath("report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{LANGUAGE_TAGS[language]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style><main>{body}"
        f"<footer>{escape(say(language, 'made_by'))}</footer></main></html>"
    )
