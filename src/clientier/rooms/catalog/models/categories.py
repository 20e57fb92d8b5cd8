from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.search import SearchField, SortKeyField


class Category(models.Model):
    """A branch of the tree that goods and services are sorted into."""

    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of"),
    )  # fmt: skip
    sort_key = SortKeyField(source="name")
    search = SearchField(texts=("name",), names=("name",))

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "parent"), nulls_distinct=False, name="one_category_a_name",
                violation_error_message=_("There is a category of this name in the same place already."),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("sort_key", "id"), name="category_by_name"),
            GinIndex(fields=("search",), name="category_search"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        above, passed = self.parent, {self.pk}
        while above is not None:
            if above.pk in passed:
                raise ValidationError({"parent": _("A category cannot be a part of itself.")})
            passed.add(above.pk)
            above = above.parent
