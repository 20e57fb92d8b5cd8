"""E-mail addresses as the world writes them, accents and Chinese characters before the @ included."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"]+@[^@\s<>()\[\],;:\".]+(?:\.[^@\s<>()\[\],;:\".]+)+")


def validate_address(text: str) -> None:
    """Raise ValidationError unless the text has the form of one address."""
    if not ADDRESS.fullmatch(text):
        raise ValidationError(_("Enter an e-mail address, such as name@example.com."), code="invalid")


class EmailField(models.EmailField):
    """An e-mail address; Django's own field refuses letters beyond ASCII, which mail has long accepted."""

    default_validators = [validate_address]

    def formfield(self, **options: Any) -> Any:
        """A line of text: the browser's own field for addresses is as narrow."""
        return models.CharField.formfield(self, **options)

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.EmailField", args, options
