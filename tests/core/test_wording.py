from __future__ import annotations

import pytest
from django.utils import translation

from clientier.core.wording import listed


@pytest.mark.parametrize(("language", "words"), [("en", "1, b"), ("zh-hans", "1、b"), ("zh-hant", "1、b")])
def test_things_are_listed_as_the_language_does_it(language: str, words: str) -> None:
    with translation.override(language):
        assert listed([1, "b"]) == words
        assert listed([]) == ""
