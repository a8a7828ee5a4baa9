"""What lets a colleague see one application or objection while asked for an opinion (征求意见)."""

from __future__ import annotations

from django.db import models

from office.models import ConsultGrant

from .application import Application
from .publicity import Objection


class ApplicationUserObjectPermission(ConsultGrant):
    """One application, for one colleague."""

    content_object = models.ForeignKey(Application, models.CASCADE)


class ObjectionUserObjectPermission(ConsultGrant):
    """One objection, for one colleague."""

    content_object = models.ForeignKey(Objection, models.CASCADE)
