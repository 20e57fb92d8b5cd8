"""Choosing from a known list of names, or writing another: in forms, and in the conditions of a list."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.http import Http404, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from clientier.core.coded import LISTS, CodedField
from clientier.core.tokens import fold, sort_key
from clientier.kit.asking import Asking

FAR = 9


class NamePicker(forms.Select):
    """Carries the one chosen, asks the server for others, and takes what is written as it is."""

    def __init__(self, field: CodedField) -> None:
        super().__init__(attrs={"data-picker": names_url(field), "data-free": field.max_length})
        self._field = field

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        kept = [each for each in value if each]
        offered = [("", ""), *((each, self._field.name_of(self._field.recognise(each))) for each in kept)]
        return [
            (None, [self.create_option(name, key, label, key in value, index)], index)
            for index, (key, label) in enumerate(offered)
        ]


def names_url(field: CodedField) -> str:
    """Where the names of the list are asked for."""
    return reverse("names", args=[field.slug])


@require_GET
def names(request: Asking, slug: str) -> JsonResponse:
    """What is called so, begins so, or is known by such words: all names while nothing is typed."""
    if slug not in LISTS:
        raise Http404
    typed = fold(request.GET.get("q", "").strip()[:100])
    ranked = [
        (min(_distance(each, typed) for each in words), code, name)
        for code, name, words in _sorted(slug, get_language() or "")
    ]
    nearest = sorted((each for each in ranked if each[0] < FAR), key=lambda each: each[0])
    return JsonResponse([{"value": code, "text": name} for _rank, code, name in nearest], safe=False)


def _distance(words: str, typed: str) -> int:
    return 0 if words == typed else 1 if words.startswith(typed) else 2 if f" {typed}" in words else FAR


@lru_cache(maxsize=16)
def _sorted(slug: str, language: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Code, name and all that leads to it, in the order of the names."""
    known = LISTS[slug]
    others: dict[str, list[str]] = {}
    for words, code in known.spellings():
        others.setdefault(code, []).append(fold(words))
    made = []
    for code, name in known.in_language(language).items():
        spoken = sort_key(name)
        first = "".join(syllable[0] for syllable in spoken.split())
        ways = (fold(name), spoken, spoken.replace(" ", ""), first, code.lower(), *others.get(code, ()))
        made.append((code, name, ways))
    return sorted(made, key=lambda each: sort_key(each[1]))
