"""What a lead gave an assistant (Art. 7) ends with the lead who gave it, and with the studio.

An acting lead changes nothing: the lead comes back, the work goes on meanwhile, and whoever acts may take it back.
"""

from __future__ import annotations

from accounts.models import User
from office.door import Act
from office.flow import also
from office.history import record
from studios.flows.studio import STUDIO
from studios.models import Studio, StudioUserObjectPermission


@also(STUDIO, "replace_lead", "close")
def drafting_ends(studio: Studio, act: Act) -> None:
    """Nobody drafts for the studio but whom its new lead asks."""
    given = StudioUserObjectPermission.objects.filter(content_object=studio)
    for user in User.objects.filter(pk__in=given.values("user")).order_by("pk"):
        record(studio, "staff", "收回代为起草权限", act.me, act.at, {"人员": user.name})
    given.delete()
