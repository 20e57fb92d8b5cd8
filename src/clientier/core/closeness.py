"""Finding what was typed otherwise than it is written, and putting the nearest first.

A part from inside a word, a letter too many, too few, wrong or swapped with its neighbour, a character that sounds
alike: names carry tokens for these beside the plain ones (a hyphen marks the rest of a word from its second letter
on, a tilde a word with one letter left out), so that the same index finds them. Two words with one letter left out
of either are the same exactly where one slip parts them; a second slip is met now and then, and ranks last.
"""

from __future__ import annotations

from collections.abc import Iterable

from clientier.core.tokens import bigrams, fold, quoted, runs, suffixes, syllables

SHORTEST_PART, SHORTEST_SLIP, LONGEST_WORD, MOST_WORDS = 3, 5, 20, 12
EXACT, BEGINS, WORD_BEGINS, INSIDE, ELSEWHERE = range(5)


def loose_tokens(names: Iterable[str]) -> set[str]:
    """The tokens of parts and slips of the words of these names; of very long names of the first words only."""
    words = [run for name in names for run, is_han in runs(name) if not is_han and _is_word(run)]
    kept = list(dict.fromkeys(words))[:MOST_WORDS]
    parts = {f"-{part}" for word in kept for part in suffixes(word[1:], shortest=SHORTEST_PART)}
    slips = {f"~{near}" for word in kept if len(word) >= SHORTEST_SLIP for near in _one_left_out(word)}
    return parts | slips


def loosely(text: str) -> str:
    """The ``tsquery`` of all that may be meant by the text; empty when there is nothing to find."""
    parts = (_sounds(run) if is_han else _slips(run) for run, is_han in runs(text))
    return " & ".join(f"({part})" for part in dict.fromkeys(parts))


def may_mean_more(text: str) -> bool:
    """Whether ``loosely`` may find others than whose tokens begin so: of figures no parts and no slips are kept."""
    return any(is_han or run.isalpha() for run, is_han in runs(text))


def closeness(name: str, key: str, others: Iterable[str], asked: str) -> int:
    """How near a record is to what was typed: 0 is the name or a code itself, 4 is found some other way.

    ``key`` is the sort key of the name, which spells Chinese characters.
    """
    wanted, written = fold(asked).strip(), fold(name)
    rest = [fold(other) for other in others]
    if wanted in (written, *rest):
        return EXACT
    if written.startswith(wanted):
        return BEGINS
    spelled = key.replace(" ", "")
    words = [run for run, _is_han in runs(name)]
    if spelled.startswith(wanted) or any(each.startswith(wanted) for each in (*words, *rest)):
        return WORD_BEGINS
    return INSIDE if any(wanted in each for each in (written, spelled, *rest)) else ELSEWHERE


def _is_word(run: str) -> bool:
    return SHORTEST_PART < len(run) <= LONGEST_WORD and run.isalpha()


def _one_left_out(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def _sounds(run: str) -> str:
    spelled = "".join(syllables(run))
    characters = [quoted(each) for each in bigrams(run)] or [f"{quoted(run)}:*"]
    return f"{' & '.join(characters)} | {quoted(spelled)}:*"


def _slips(run: str) -> str:
    meant = [f"{quoted(run)}:*", f"{quoted('-' + run)}:*"]
    if _is_word(run) and len(run) >= SHORTEST_SLIP:
        near = sorted(_one_left_out(run))
        meant += [quoted(f"~{each}") for each in (run, *near)] + [quoted(each) for each in near]
    return " | ".join(meant)
