"""Who asks, who answers, who sees: the issuer of the measures and whoever asked."""

from __future__ import annotations

from django.db.models import Q

from accounts.capacity import Capacity
from accounts.models import Role
from office.flow import EVERYTHING, NOTHING
from programmes.models import Measures, Programme
from programmes.scopes import audited_programmes

STAFF = (Role.OFFICER, Role.LEADER)


def _issuer(me: Capacity, *roles: Role) -> Q:
    """Questions on the measures that my organisation issued, if I hold one of ``roles`` there."""
    return Q(article__measures__issuer=me.organisation_id) if me.holds(*roles) else NOTHING


def issuer_officer(me: Capacity) -> Q:
    return _issuer(me, Role.OFFICER)


def issuer_leader(me: Capacity) -> Q:
    return _issuer(me, Role.LEADER)


def asker(me: Capacity) -> Q:
    """Whoever asked."""
    return Q(asker=me.user_id) if me.user_id else NOTHING


def questions_seen(me: Capacity) -> Q:
    """The issuer's officer and leader all; an auditor those on measures in the scope; everybody the own."""
    if me.clock:
        return EVERYTHING
    if me.user_id is None:
        return NOTHING
    if me.holds(Role.AUDITOR):
        followed = Programme.objects.filter(pk__in=audited_programmes(me)).values("measures")
        return asker(me) | Q(article__measures__in=followed)
    return asker(me) | _issuer(me, *STAFF) if me.holds(*STAFF) else asker(me)


def interprets(me: Capacity) -> bool:
    """Whether ``me`` answers questions: the officer of an organisation that issued measures; one query at most."""
    return me.holds(Role.OFFICER) and Measures.objects.filter(issuer=me.organisation_id).exists()


def handles(case_issuer: int, me: Capacity) -> bool:
    """Whether ``me`` is officer or leader of the organisation ``case_issuer``, or audits it."""
    return me.holds(Role.AUDITOR) or (me.holds(*STAFF) and me.organisation_id == case_issuer)
