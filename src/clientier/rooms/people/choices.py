from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SIMPLIFIED = "zh-hans", "简体中文"
    TRADITIONAL = "zh-hant", "繁體中文"


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Action(models.TextChoices):
    """What a role can be allowed to do with one kind of record."""

    VIEW = "view", _("see")
    ADD = "add", _("add")
    CHANGE = "change", _("change")
    DELETE = "delete", _("delete")
    EXPORT = "export", _("export")
    IMPORT = "import", _("import")
    HAND_OVER = "hand_over", _("hand over")


class ReachChoice(models.IntegerChoices):
    """The reaches of ``core.actor.Reach``, in words."""

    NONE = 0, _("none")
    OWN = 1, _("own")
    TEAM = 2, _("team")
    TERRITORY = 3, _("territory")
    ALL = 4, _("all")


class FieldRuleKind(models.TextChoices):
    HIDDEN = "hidden", _("hidden")
    LOCKED = "locked", _("locked")


class LinkPurpose(models.TextChoices):
    """Why somebody gets a link with which to choose a password."""

    INVITATION = "invitation", _("invitation")
    RESET = "reset", _("password reset")


class MapService(models.TextChoices):
    """The map on which places are opened."""

    OPENSTREETMAP = "osm", "OpenStreetMap"
    AMAP = "amap", _("Amap")
