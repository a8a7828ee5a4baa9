"""Which programmes a person has been given to audit."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.capacity import Capacity
from programmes.models import ProgrammeUserObjectPermission


def audited_programmes(me: Capacity) -> QuerySet[Any, Any]:
    """The keys of the programmes in the scope of ``me`` as an auditor (a guardian grant each)."""
    return ProgrammeUserObjectPermission.objects.filter(
        user=me.user_id, permission__codename="audit_programme"
    ).values("content_object")
