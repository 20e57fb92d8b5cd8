"""Migrations hold what the database needs. Words are left out, so that rewording one makes no migration."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.makemigrations import Command as MakeMigrations
from django.db.migrations.operations import AlterModelOptions
from django.db.migrations.state import ModelState
from django.db.models import Field

WORDS_OF_FIELDS = ("verbose_name", "help_text", "choices")
WORDS_OF_MODELS = ("verbose_name", "verbose_name_plural")


def _without_words(deconstruct: Any) -> Any:
    def run(self: Field[Any, Any]) -> Any:
        name, path, args, options = deconstruct(self)
        return name, path, args, {key: value for key, value in options.items() if key not in WORDS_OF_FIELDS}

    return run


class Command(MakeMigrations):
    def handle(self, *labels: str, **options: Any) -> None:
        Field.deconstruct = _without_words(Field.deconstruct)  # type: ignore[method-assign]
        kept = [key for key in AlterModelOptions.ALTER_OPTION_KEYS if key not in WORDS_OF_MODELS]
        AlterModelOptions.ALTER_OPTION_KEYS = kept
        from_model = ModelState.from_model

        def without_words(model: Any, exclude_rels: bool = False) -> ModelState:
            state = from_model(model, exclude_rels)
            for key in WORDS_OF_MODELS:
                state.options.pop(key, None)
            for constraint in state.options.get("constraints", ()):  # copies, made for this state
                constraint.violation_error_message = constraint.default_violation_error_message
            return state

        ModelState.from_model = staticmethod(without_words)  # type: ignore[method-assign]
        super().handle(*labels, **options)
