"""People for a large company: the demo has ten who look after customers, and nobody looks after 100,000.

An account manager has some hundreds of customers, and a team of ten has a territory of its own below the one that
its customers lay in. The people of the demo keep their teams and their first customers; the others are like them.
"""

from __future__ import annotations

CUSTOMERS_EACH, TEAM = 500, 10
SEATS = """
CREATE TEMPORARY TABLE seat ON COMMIT DROP AS
SELECT *, (row_number() OVER (PARTITION BY territory_id ORDER BY place, owner_id) - 1) / %(team)s AS patch,
    row_number() OVER (PARTITION BY owner_id ORDER BY place, territory_id) = 1 AS is_known,
    row_number() OVER (ORDER BY territory_id, owner_id, place) AS number
FROM (
    SELECT owner_id, territory_id, ceil(count(*)::numeric / %(each)s)::int AS many FROM parties_customer
    WHERE owner_id IS NOT NULL AND territory_id IS NOT NULL GROUP BY 1, 2
) pair, generate_series(1, many) place
"""
TEAMS = """
INSERT INTO people_team (name, parent_id)
SELECT DISTINCT t.name || ' ' || 1 + s.patch, (SELECT min(id) FROM people_team)
FROM seat s JOIN people_territory t ON t.id = s.territory_id
"""
TERRITORIES = """
INSERT INTO people_territory (name, parent_id)
SELECT DISTINCT t.name || ' ' || 1 + s.patch, t.id FROM seat s JOIN people_territory t ON t.id = s.territory_id
"""
PEOPLE = """
INSERT INTO people_user (username, password, name, email, language, theme, minute_cost, is_active, search, role_id,
    team_id, territory_id)
SELECT u.username || '-' || s.number, u.password, u.name, '', u.language, u.theme, u.minute_cost, true, u.search,
    u.role_id, m.id, p.id
FROM seat s JOIN people_user u ON u.id = s.owner_id JOIN people_territory t ON t.id = s.territory_id
JOIN people_team m ON m.name = t.name || ' ' || 1 + s.patch
JOIN people_territory p ON p.name = t.name || ' ' || 1 + s.patch
WHERE NOT s.is_known
"""
KNOWN = """
UPDATE people_user u SET territory_id = p.id
FROM seat s JOIN people_territory t ON t.id = s.territory_id
JOIN people_territory p ON p.name = t.name || ' ' || 1 + s.patch
WHERE s.is_known AND u.id = s.owner_id
"""
SEATED = """
CREATE TEMPORARY TABLE seated ON COMMIT DROP AS
SELECT s.owner_id, s.territory_id, s.many, s.place, n.id AS person, p.id AS ground
FROM seat s JOIN people_user u ON u.id = s.owner_id JOIN people_territory t ON t.id = s.territory_id
JOIN people_user n ON n.username = u.username || CASE WHEN s.is_known THEN '' ELSE '-' || s.number END
JOIN people_territory p ON p.name = t.name || ' ' || 1 + s.patch
"""
HANDED_OVER = """
UPDATE parties_customer c SET owner_id = d.person, territory_id = d.ground
FROM (SELECT id, owner_id, territory_id, row_number() OVER (PARTITION BY owner_id, territory_id ORDER BY id) AS turn
      FROM parties_customer) k
JOIN seated d ON d.owner_id = k.owner_id AND d.territory_id = k.territory_id AND d.place = 1 + k.turn % d.many
WHERE c.id = k.id
"""


def hire() -> None:
    """Share the customers of each person in each territory among as many as it takes, at random places."""
    from django.db import connection, transaction

    facts = {"each": CUSTOMERS_EACH, "team": TEAM}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (SEATS, TEAMS, TERRITORIES, PEOPLE, KNOWN, SEATED, "ANALYZE seated", HANDED_OVER):
            cursor.execute(statement, facts if statement is SEATS else None)
