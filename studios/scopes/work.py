"""Who sees what a studio plans, does and hands in: rows whose studio lies at ``path`` ("studio__", "year__term__studio__" …)."""

from __future__ import annotations

from django.db.models import Q

from accounts.capacity import Capacity
from office.alternatives import matching
from office.flow import EVERYTHING, NOTHING, Who, either
from studios.models import Studio
from studios.scopes import studios_held
from studios.scopes.people import drafter


def held(path: str) -> Who:
    """Rows of the studios ``me`` holds: the owner's, the host's, the members', the lead's, the auditor's."""

    def held(me: Capacity) -> Q:
        if me.clock:
            return EVERYTHING
        mine = studios_held(me)
        if mine == NOTHING:
            return NOTHING
        return Q(**{f"{path}pk__in": matching(Studio.objects.all(), mine).values("pk")})

    return held


def held_once_sent(path: str, *drafts: str) -> Who:
    """The same, but in the states ``drafts`` only for whoever writes it."""

    def held_once_sent(me: Capacity) -> Q:
        if me.clock:
            return EVERYTHING
        writers, readers = drafter(path)(me), held(path)(me)
        sent = NOTHING if readers == NOTHING else readers & ~Q(state__in=drafts)
        if writers == NOTHING or sent == NOTHING:
            return sent if writers == NOTHING else writers
        return writers | sent

    return held_once_sent


def held_or_drafted(path: str) -> Who:
    """The rows of the studios ``me`` holds or writes for."""
    return either(held(path), drafter(path))
