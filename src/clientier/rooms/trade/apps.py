from __future__ import annotations

from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "clientier.rooms.trade"
    label = "trade"
