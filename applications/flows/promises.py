"""What a host school promised when its principal applied (Art. 12), told to the studio that came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from applications.models import Application
from studios.flows import register_promise
from studios.models import Studio


@register_promise
def promise(studio: Studio) -> dict[str, Any]:
    """The columns of a support pledge as the application of ``studio`` says them; empty without one, or at another
    school: that one promises for itself.
    """
    application = Application.objects.filter(studio=studio, school=studio.school_id).only("content").first()
    if application is None:
        return {}
    said = application.content.get("support", {})
    area = said.get("area")
    return {
        "workplace": said.get("address", "")[:200],
        "area": Decimal(area) if area else None,
        "equipment": said.get("equipment", ""),
        "load": said.get("load", ""),
    }
