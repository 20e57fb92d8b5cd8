"""What the frame of a page hands to the browser: the words of its scripts and the palette's commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

TONES = {"success": "good", "warning": "warn", "error": "bad", "info": "info", "debug": "info"}
SIGNS = {"good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle", "info": "info-circle"}


@register.simple_tag
def script_words() -> SafeString:
    """Every sentence that a script may show, in the language of the page."""
    words = {
        "undo": _("Undo"),
        "undone": _("Undone."),
        "undo_failed": _("That could not be undone. Nothing was changed; reload the page and try again."),
        "dismiss": _("Dismiss"),
        "edit": _("Edit"),
        "failed": _("That did not work: the server could not be reached. Nothing was lost; try again."),
        "failed_server": _("The server ran into a fault. What you entered is still here; try again."),
        "draft_restored": _("Your unsaved entries were restored."),
        "draft_discard": _("Start afresh"),
        "draft_kept": _("Draft kept on this device"),
        "copied": _("Copied: %(text)s"),
        "chosen_one": _("1 selected"),
        "chosen_many": _("%(count)s selected"),
        "chosen_all": _("All that match selected"),
        "nothing_found": _("Nothing found for “%(text)s”"),
        "take_text": _("Take “%(text)s”"),
        "searching": _("Searching…"),
        "type_to_search": _("Type to search"),
        "remove": _("Remove"),
        "yes": _("Yes"),
        "no": _("No"),
        "go_to": _("Go to"),
        "create": _("Create"),
        "actions": _("On this page"),
        "commands": _("Commands"),
        "found": _("Found"),
    }
    return json_script(words, "words")


@register.simple_tag
def palette_commands(shell: Mapping[str, Any]) -> SafeString:
    """Everything the palette offers without asking the server: places, new records, and further commands."""
    places = [
        {"label": item["label"], "url": item["url"], "group": "go_to", "key": go_keys(item)}
        for group in shell.get("menu") or ()
        for item in group["items"]
    ]
    creations = [
        {"label": item["label"], "url": item["url"], "group": "create"} for item in shell.get("create") or ()
    ]
    others = [
        {**command, "group": "commands"}
        for command in shell.get("commands") or ()
        if command.get("kind") not in ("go", "new")
    ]
    return json_script([*places, *creations, *others], "commands")


def go_keys(item: Mapping[str, Any]) -> str:
    """The two keys that lead to a place, as one reads them; empty where there are none."""
    return f"G {item['key'].upper()}" if item.get("key") else ""


@register.filter
def tone_of(message: Any) -> str:
    """The tone of one of Django's messages: good, warn, bad or info."""
    return TONES.get(message.level_tag, "info")


@register.filter
def sign_of(tone: str) -> str:
    """The icon that says the same as the tone, for those who do not see colours."""
    return SIGNS.get(tone, "info-circle")


@register.filter
def undo_url_of(message: Any) -> str:
    """Where to undo what the message reports; empty where it cannot be undone."""
    return _way(message, "undo:")


@register.filter
def trash_url_of(message: Any) -> str:
    """Where to find later what the message says was deleted; empty where nothing was."""
    return _way(message, "trash:")


def _way(message: Any, prefix: str) -> str:
    tags = (message.extra_tags or "").split()
    return next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), "")
