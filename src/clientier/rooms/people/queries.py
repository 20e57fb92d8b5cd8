"""Who somebody is and how far they reach, read once per request."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from clientier.core.actor import Actor, Door, Reach, shares_of
from clientier.core.custom.definitions import NEVER_CHANGED
from clientier.core.custom.models import DefinitionsMark
from clientier.core.models import AuditEntry
from clientier.core.prepared import Prepared, record
from clientier.rooms.people.choices import FieldRuleKind
from clientier.rooms.people.models import (
    ApiToken,
    Organisation,
    Role,
    SignInLink,
    Team,
    User,
)

# All that decides how far somebody reaches, in one question, because it is asked before every page. UNION and not
# UNION ALL: a ring of teams is walked once.
REACHING = """
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


def organisation() -> Organisation:
    """The company that runs this installation; before set-up, one with the defaults.

    With it comes the mark of the custom fields, which every page needs as well.
    """
    for row in _company.rows():
        company: Organisation = record(Organisation, row[:-1])
        company.definitions_mark = row[-1]  # type: ignore[attr-defined]
        return company
    return Organisation()


_company = Prepared(
    lambda: (
        Organisation.objects.filter(pk=1)
        .annotate(mark=Coalesce(Subquery(DefinitionsMark.objects.filter(pk=1).values("mark")), NEVER_CHANGED))
        .values_list(*(f.attname for f in Organisation._meta.concrete_fields), "mark")
    )
)


def actor_of(
    user: User, door: Door = Door.PAGE, *, company: Organisation | None = None, now: dt.datetime | None = None
) -> Actor:
    """The actor that this user is now: grants and field rules of the role, members of the team and below.

    ``company`` spares reading it again where it is known already; ``now`` is the moment by which loans hold.
    """
    far = reaching(role=user.role_id, team=user.team_id, territory=user.territory_id)
    unlimited = user.role.is_administrator
    # What cannot widen anything need not be read.
    narrow = not unlimited and any(Reach.NONE < reach < Reach.ALL for reach in far.grants.values())
    return Actor(
        user_id=user.pk,
        role_id=user.role_id,
        name=user.name,
        teammates=far.teammates,
        teams=far.teams,
        territories=far.territories,
        grants=far.grants,
        shared=shares_of(user.pk, far.teams, now or timezone.now()) if narrow else {},
        hidden=far.hidden,
        locked=far.locked,
        unlimited=unlimited,
        language=user.language,
        time_zone=(company or organisation()).time_zone,
        door=door,
    )


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
        cursor.execute(REACHING, {"role": role, "team": team, "territory": territory})
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


def actor_known(user_id: int, door: Door) -> Actor | None:
    """The actor that a user is now, for work that knows only who began it."""
    user = user_for(user_id)
    return actor_of(user, door) if user else None


def administrators() -> QuerySet[User]:
    """Who may sign in and do everything."""
    return User.objects.filter(is_active=True, role__is_administrator=True)


def colleagues() -> QuerySet[User]:
    """Everybody who may sign in; within the company their names are no secret."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def changes_of_rights(role: Role, verb: str) -> QuerySet[AuditEntry]:
    """The entries of this verb about the role, and those that took them back, the latest first."""
    told = Q(verb=verb) | Q(verb="undo")
    return AuditEntry.objects.filter(told, record="people.role", record_id=str(role.pk)).order_by("-pk")


def teams_by_name() -> QuerySet[Team]:
    return Team.objects.order_by("name", "pk")


def roles_beside(role: Role | None = None) -> QuerySet[Role]:
    """All roles but this one."""
    found = Role.objects.order_by("name", "pk")
    return found.exclude(pk=role.pk) if role else found


def role_actor(role: Role, place: User) -> Actor:
    """What somebody with this role would be in that user's place: the same team, territory and shares."""
    return actor_of(User(pk=place.pk, name=place.name, role=role, team=place.team, territory=place.territory))


_user_with_role = Prepared(
    lambda pk: User.objects.filter(pk=pk, is_active=True).values_list(
        *(f.attname for f in User._meta.concrete_fields),
        *(f"role__{f.attname}" for f in Role._meta.concrete_fields),
    )
)


def user_for(user_id: int) -> User | None:
    """The user with the role, if it is somebody who may sign in."""
    own = len(User._meta.concrete_fields)
    for row in _user_with_role.rows(user_id):
        user: User = record(User, row[:own])
        user.role = record(Role, row[own:])
        return user
    return None


def user_named(username: str) -> User | None:
    """The user with this sign-in name, whatever its case, who may sign in."""
    return User.objects.select_related("role").filter(username__iexact=username, is_active=True).first()


def token_digest(token: str) -> str:
    """What is kept of a token: tokens are long and random, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of_token(token: str) -> User | None:
    found = ApiToken.objects.select_related("user__role").filter(digest=token_digest(token)).first()
    return found.user if found and found.user.is_active else None


def sample_users() -> list[User]:
    """One active user of each role, the first of each."""
    found = User.objects.select_related("role").filter(is_active=True).order_by("role_id", "pk")
    return sorted(found.distinct("role_id"), key=lambda user: user.pk)


def usable_link(token: str, now: dt.datetime, *, lock: bool = False) -> SignInLink | None:
    """The link with this token, if it may still be used; locked, so that it is used once."""
    links = SignInLink.objects.select_related("user__role")
    if lock:
        links = links.select_for_update(of=("self",))
    return links.filter(digest=token_digest(token), expires_at__gt=now, user__is_active=True).first()


def users_with_email(address: str) -> list[User]:
    """Who may sign in and has this e-mail address, whatever its case."""
    found = User.objects.select_related("role").filter(email__iexact=address.strip(), is_active=True)
    return list(found.exclude(email="").order_by("pk"))


def roles_with_grants() -> list[Role]:
    """All roles with what they were granted, in the order of their names."""
    return list(Role.objects.order_by("name", "pk").prefetch_related("grants"))


Holdings = Callable[[int], list[str]]
_holdings: list[Holdings] = []


def hold_with(holdings: Holdings) -> None:
    """Let a higher room say, in words, what a user still answers for."""
    _holdings.append(holdings)


def held_by(user_id: int) -> list[str]:
    """What the user still answers for: “12 customers”, “3 tasks”."""
    return [words for holdings in _holdings for words in holdings(user_id)]
