"""The files of an application: the materials of its call, each from whom the call names (Art. 9, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, prefetch_related_objects

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from applications.models import Application, ApplicationState, Material
from applications.scopes import host_school_stead
from office.attachments import FilePolicy, Slot, register
from office.flow import EVERYTHING, NOTHING
from office.materials import materials
from office.models import Scope

PHOTO = "photo"
IDENTITY = "identity"


def _slots(case: Application, me: Capacity) -> Sequence[Slot]:
    """The applicant's while the form is in their hands; the school's officer's while it reviews."""
    mine = case.lead.user_id == me.user_id
    if mine and me.holds(Role.PRINCIPAL) and case.state in case.mendable:
        photo = Slot(PHOTO, "照片", hint="近期免冠照片，JPG 或 PNG")
        return [photo, *_of(case, Material.By.APPLICANT, Scope.CASE)]
    if not mine and case.state == ApplicationState.SCHOOL_REVIEW and _reviews(case, me):
        return _of(case, Material.By.SCHOOL, Scope.HANDLERS)
    return []


def _reviews(case: Application, me: Capacity) -> bool:
    """Whether ``me`` is the school's officer, or acts in the school's stead."""
    if me.officer_of(Kind.SCHOOL):
        return me.organisation_id == case.school_id
    stead = host_school_stead(me)
    return stead != NOTHING and Application.objects.filter(stead, pk=case.pk).exists()


def _of(case: Application, by: str, scope: Scope) -> list[Slot]:
    return [
        Slot(
            row.key,
            row.label,
            required=row.required,
            hint=row.hint,
            many=True,
            scope=Scope.HANDLERS if row.key == IDENTITY else scope,
        )
        for row in case.call.materials.all()
        if row.by == by
    ]


def _visible(me: Capacity) -> Q:
    """Experts see neither what the school attached nor the identity card; auditors not the latter."""
    if me.holds(Role.EXPERT):
        return Q(scope=Scope.CASE)
    if me.holds(Role.AUDITOR):
        return ~Q(slot=IDENTITY)
    return EVERYTHING


def _labels(case: Application) -> dict[str, str]:
    return {PHOTO: "照片"} | {row.key: row.label for row in case.call.materials.all()}


register(FilePolicy("application", slots=_slots, visible=_visible, labels=_labels))


def material_context(application: Application, me: Capacity, back: str = "") -> dict[str, Any]:
    """The materials of an application as a page lists them; what experts may not see is not even named to them."""
    prefetch_related_objects([application.call], "materials")
    asked = list(application.call.materials.all())
    by_school = {row.key for row in asked if row.by == Material.By.SCHOOL}
    closed = {PHOTO} | ((by_school | {IDENTITY}) if me.holds(Role.EXPERT) else set())
    return {
        "materials": [each for each in materials(application, me, back) if each.key not in closed],
        "required": {row.key for row in asked if row.required},
        "by_school": by_school,
    }
