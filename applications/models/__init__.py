"""From the call to the announcement (Art. 9)."""

from .announcement import Announcement, AnnouncementState
from .application import Application, ApplicationState, ApplicationVersion
from .call import Call, CallState, Material, Quota, StagePlaces
from .extension import Extension
from .grant import ApplicationUserObjectPermission, ObjectionUserObjectPermission
from .member import MemberState, ProposedMember
from .publicity import Objection, ObjectionState, Publicity, PublicityState
from .review import Expert, Panel, PanelSeat, Review, ReviewScore, ReviewState, Tie, Waiver
from .share import Share

__all__ = [
    "Announcement",
    "AnnouncementState",
    "Application",
    "ApplicationState",
    "ApplicationUserObjectPermission",
    "ApplicationVersion",
    "Call",
    "CallState",
    "Expert",
    "Extension",
    "Material",
    "MemberState",
    "Objection",
    "ObjectionState",
    "ObjectionUserObjectPermission",
    "Panel",
    "PanelSeat",
    "ProposedMember",
    "Publicity",
    "PublicityState",
    "Quota",
    "Review",
    "ReviewScore",
    "ReviewState",
    "Share",
    "StagePlaces",
    "Tie",
    "Waiver",
]
