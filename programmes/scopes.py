"""Whose programmes there are, and which a person has been given to audit."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.capacity import Capacity
from accounts.models import Role
from programmes.models import Programme, ProgrammeUserObjectPermission

OWNS = "owns_programme"


def runs_a_programme(organisation: str) -> Exists:
    """Whether the organisation at the path ``organisation`` owns a programme."""
    return Exists(Programme.objects.filter(owner=OuterRef(organisation)))


def owns(me: Capacity, *roles: Role) -> bool:
    """Whether ``me`` acts in one of ``roles`` for an organisation that owns a programme; no query within a request."""
    return me.holds(*roles) and me.fact(OWNS)


def audited_programmes(me: Capacity) -> QuerySet[Any, Any]:
    """The keys of the programmes in the scope of ``me`` as an auditor (a guardian grant each)."""
    return ProgrammeUserObjectPermission.objects.filter(
        user=me.user_id, permission__codename="audit_programme"
    ).values("content_object")
