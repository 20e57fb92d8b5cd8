from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Sharing(models.TextChoices):
    PRIVATE = "private", _("Only me")
    EVERYBODY = "all", _("Everybody")


class SavedView(models.Model):
    """A question somebody wants to ask again: the query string of a list, under a name."""

    OWNER_PATH = "user"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    resource = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    sharing = models.CharField(_("seen by"), max_length=8, choices=Sharing.choices, default=Sharing.PRIVATE)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (models.UniqueConstraint(fields=("user", "resource", "name"), name="one_view_a_name"),)

    def __str__(self) -> str:
        return self.name
