"""All that decides how far a user reaches, in one question: it is asked before every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from clientier.core.actor import Reach
from clientier.rooms.people.choices import FieldRuleKind

# UNION and not UNION ALL: a ring of teams is walked once.
QUESTION = """
WITH RECURSIVE beneath AS (
    SELECT id FROM people_team WHERE id = %(team)s
    UNION SELECT t.id FROM people_team t JOIN beneath b ON t.parent_id = b.id
), over AS (
    SELECT id, parent_id FROM people_team WHERE id = %(team)s
    UNION SELECT t.id, t.parent_id FROM people_team t JOIN over o ON t.id = o.parent_id
), lands AS (
    SELECT id FROM people_territory WHERE id = %(territory)s
    UNION SELECT t.id FROM people_territory t JOIN lands l ON t.parent_id = l.id
)
SELECT ARRAY(SELECT u.id FROM people_user u JOIN beneath b ON u.team_id = b.id),
    ARRAY(SELECT id FROM over),
    ARRAY(SELECT id FROM lands),
    ARRAY(SELECT ARRAY[record, action, reach::text] FROM people_grant WHERE role_id = %(role)s),
    ARRAY(SELECT ARRAY[rule, record, field] FROM people_fieldrule WHERE role_id = %(role)s)
"""
Fields = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Reaching:
    """Members of the team and those below it, the team and those above it, the territory and those below it;
    what the role was granted, and the fields that it does not read or write."""

    teammates: frozenset[int]
    teams: frozenset[int]
    territories: frozenset[int]
    grants: dict[tuple[str, str], Reach]
    hidden: Fields
    locked: Fields


def reaching(*, role: int | None, team: int | None, territory: int | None) -> Reaching:
    """How far somebody of this role reaches from this place; who has no place in a tree has nobody in it."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, {"role": role, "team": team, "territory": territory})
        members, teams, territories, granted, ruled = cursor.fetchone()
    return Reaching(
        teammates=frozenset(members),
        teams=frozenset(teams),
        territories=frozenset(territories),
        grants={(record, action): _REACHES[reach] for record, action, reach in granted},
        hidden=frozenset((record, field) for rule, record, field in ruled if rule == FieldRuleKind.HIDDEN),
        locked=frozenset((record, field) for rule, record, field in ruled if rule == FieldRuleKind.LOCKED),
    )


_REACHES = {str(reach.value): reach for reach in Reach}
