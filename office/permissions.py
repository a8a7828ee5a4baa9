"""Object permissions for whoever speaks Django's language: the same Q as everywhere else.

Our own code and templates never ask ``has_perm`` per row.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Q
from django.utils import timezone

from accounts.capacity import Capacity, capacities
from accounts.models import User
from office.flow import FLOWS, NOTHING, Flow


class ScopeBackend(BaseBackend):
    """Answers ``<app>.view_<flow>`` and ``<app>.step_<step>_<flow>`` for a case: in any capacity held today."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether one of the person's capacities sees the case, or may take the step on it now."""
        flow = FLOWS.get(obj._meta.model_name) if obj is not None else None
        if flow is None or not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        held = capacities(user_obj, timezone.localdate())
        return any(
            condition != NOTHING and flow.model._default_manager.filter(condition, pk=obj.pk).exists()
            for condition in (rows_for(flow, perm, me) for me in held)
        )


def rows_for(flow: Flow, perm: str, me: Capacity) -> Q:
    """The cases of ``flow`` on which ``me`` has the permission; none for a permission that is not of this flow."""
    app = flow.model._meta.app_label
    if perm == f"{app}.view_{flow.name}":
        return flow.sight(me)
    name = perm.removeprefix(f"{app}.step_").removesuffix(f"_{flow.name}")
    step = next((step for step in flow.steps if step.name == name), None)
    return flow.may(step, me) if step and perm == f"{app}.step_{name}_{flow.name}" else NOTHING
