"""Personal data of the lead: who reads the phone, who may ask for the identity number in full (DOMAIN, Who sees what)."""

from __future__ import annotations

from accounts.capacity import Capacity
from accounts.models import Role
from applications import scopes
from applications.models import Application
from office.flow import either

SEES_IDENTITY = either(scopes.owner_officer, scopes.host_school, scopes.applicant)


def may_unmask(application: Application, me: Capacity) -> bool:
    """Whether ``me`` may see the identity number in full: the owner's officer, the school's, the person; one query."""
    return Application.objects.filter(SEES_IDENTITY(me), pk=application.pk).exists()


def sees_phone(application: Application, me: Capacity) -> bool:
    """The owner, the school's authority, the school and the lead; for others the number is masked."""
    offices = (application.call.programme.owner_id, application.authority_id, application.school_id)
    own = me.user_id is not None and application.lead.user_id == me.user_id
    return own or (me.holds(Role.OFFICER, Role.LEADER) and me.organisation_id in offices)
