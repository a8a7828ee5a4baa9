"""What the owner's officer prepares for a call where no step waits for it: the results that the leader decides on, the list to
be publicised, the names to be announced (Art. 9).
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.capacity import Capacity
from applications import scopes
from applications.models import (
    Announcement,
    AnnouncementState,
    Application,
    ApplicationState,
    CallState,
    Publicity,
    Review,
    ReviewState,
)
from office.flow import NOTHING, Errand, Who

OF_THE_CALL = {"call": OuterRef("pk")}


def _for_officer(ready: Q) -> Who:
    """The calls of the officer's organisation that are ``ready``."""

    def who(me: Capacity) -> Q:
        mine = scopes.call_officer(me)
        return mine if mine == NOTHING else mine & ready

    return who


_scored = ~Exists(Review.objects.filter(application__call=OuterRef("pk"), state=ReviewState.ASSIGNED))
_unanswered = Exists(
    Application.objects.filter(**OF_THE_CALL, state=ApplicationState.UNDER_REVIEW, result="")
)
_passed = Exists(Application.objects.filter(**OF_THE_CALL, state=ApplicationState.PASSED))
_listed = Exists(Publicity.objects.filter(**OF_THE_CALL))
_confirmed = Exists(Application.objects.filter(**OF_THE_CALL, state=ApplicationState.CONFIRMED))
_drafted = Exists(Announcement.objects.filter(**OF_THE_CALL, state=AnnouncementState.DRAFTED))

ERRANDS = (
    Errand(
        _for_officer(Q(_scored) & Q(_unanswered)),
        (CallState.REVIEWING,),
        "拟定结果",
        lambda key: reverse("call-results", args=[key]),
    ),
    Errand(
        _for_officer(Q(_passed) & ~Q(_listed)),
        (CallState.DECIDED,),
        "拟定公示",
        lambda key: reverse("publicity-new", args=[key]),
    ),
    Errand(
        _for_officer(Q(_confirmed) & ~Q(_drafted)),
        (CallState.PUBLICITY, CallState.ANNOUNCED),
        "拟定公布",
        lambda key: reverse("announcement-new", args=[key]),
    ),
)
