"""A request as the pages see it: with the actor and the setting that the edge has put on it."""

from __future__ import annotations

from django.http import HttpRequest

from clientier.core.actor import Actor
from clientier.kit.cells import Setting


class Asking(HttpRequest):
    actor: Actor
    setting: Setting
