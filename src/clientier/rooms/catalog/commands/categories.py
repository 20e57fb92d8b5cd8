"""Categories that files name and that are not there yet."""

from __future__ import annotations

from collections.abc import Collection

from clientier.core import bulk
from clientier.core.actor import Actor, Reach
from clientier.rooms.catalog.models import Category
from clientier.rooms.catalog.queries.categories import Path, Place, at_places, categories_called, path_of


def find_or_make_categories(texts: Collection[str], *, actor: Actor) -> tuple[dict[str, int], int]:
    """The category that each text means, made where it is not there, and how many were made.

    “Tools > Drills” is one within another. Who may not import categories makes none: such texts are left out.
    """
    wanted = {text.strip().lower(): text for text in texts if path_of(text)}
    found = categories_called(wanted.values())
    paths = {text: path_of(text) for text in wanted.values() if text not in found}
    if actor.reach(Category, "import") is Reach.NONE:
        return found, 0
    ids: dict[Path, int | None] = {(): None}
    made = 0
    for depth in range(1, max(map(len, paths.values()), default=0) + 1):
        made += _make_level([path for path in paths.values() if len(path) >= depth], depth, ids, actor)
    found |= {text: key for text, path in paths.items() if (key := ids[_folded(path)]) is not None}
    return {text: found[wanted[text.strip().lower()]] for text in texts if path_of(text)}, made


def _make_level(paths: list[Path], depth: int, ids: dict[Path, int | None], actor: Actor) -> int:
    """Find or make the categories so many steps from the trunk; ``ids`` learns their keys."""
    asked: dict[Path, Place] = {
        _folded(path[:depth]): (path[depth - 1].lower(), ids[_folded(path[: depth - 1])]) for path in paths
    }
    # Of several spellings the first counts.
    spelled = {asked[_folded(path[:depth])]: path[depth - 1] for path in reversed(paths)}
    there = at_places(spelled)
    rows = [{"name": name, "parent_id": place[1]} for place, name in spelled.items() if place not in there]
    if rows:
        facts = ("name", "parent_id")
        bulk.upsert(Category, rows, key=facts, actor=actor, derived=facts, action="import")
        there = at_places(spelled)
    ids.update({path: there[place] for path, place in asked.items()})
    return len(rows)


def _folded(path: Path) -> Path:
    return tuple(name.lower() for name in path)
