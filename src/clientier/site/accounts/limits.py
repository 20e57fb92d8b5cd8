"""How often one may try, and how long to wait when it was too often."""

from __future__ import annotations

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = 60


def seconds_to_wait(request: HttpRequest, action: str, *, key: str = "") -> int:
    """After a refusal: how long until the next try is let through; 0 when it would be now."""
    waits = [0]
    for rate in ratelimit.get_rates(app="allauth.account", action=action):
        if rate.per == "user" and not request.user.is_authenticated:
            continue
        kept = ratelimit.get_cache_key(request, app="allauth.account", action=action, rate=rate, key=key)
        tries = cache.get(kept, [])  # the newest first
        if len(tries) >= rate.amount:
            waits.append(math.ceil(tries[rate.amount - 1] + rate.duration - time.time()))
    return max(waits)


def in_words(seconds: int) -> str:
    """When to try again: a sentence."""
    minutes = max(1, math.ceil(seconds / MINUTE))
    return ngettext(
        "Too many attempts. Try again in %(minutes)d minute.",
        "Too many attempts. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def too_often(request: HttpRequest) -> HttpResponse:
    """The page for whoever is refused before a form is even looked at; those windows last a minute."""
    context = {"status": 429, "title": _("Not so fast"), "text": in_words(MINUTE)}
    response = render(request, "kit/error.html", context, status=429)
    response.headers["Retry-After"] = str(MINUTE)
    return response
