"""Studios: who they are, who belongs to them, what they plan, do and hand in."""

from .activity import Activity, ActivityState, Attendance, Diagnosis
from .advice import Advice, AdviceKind, AdviceState, Verdict
from .career import CareerNote, CareerPlan, CareerPlanVersion, CareerState
from .change import ChangeKind, ChangeState, StudioChange
from .county import CountyPlanItem
from .duty import FORMS, Duty, Form
from .membership import Membership, MembershipState
from .output import Level, Output, OutputKind, OutputState, Progress
from .plan import FiledState, Plan, PlanItem, PlanKind, PlanVersion
from .staff import Staff, StaffKind
from .studio import Bar, Plaque, Stage, Studio, StudioState, StudioUserObjectPermission, StudioYear, Term
from .summary import AnnualSummary, AnnualSummaryVersion
from .support import PledgeState, SupportPledge

__all__ = [
    "FORMS",
    "Activity",
    "ActivityState",
    "Advice",
    "AdviceKind",
    "AdviceState",
    "AnnualSummary",
    "AnnualSummaryVersion",
    "Attendance",
    "Bar",
    "CareerNote",
    "CareerPlan",
    "CareerPlanVersion",
    "CareerState",
    "ChangeKind",
    "ChangeState",
    "CountyPlanItem",
    "Diagnosis",
    "Duty",
    "FiledState",
    "Form",
    "Level",
    "Membership",
    "MembershipState",
    "Output",
    "OutputKind",
    "OutputState",
    "Plan",
    "PlanItem",
    "PlanKind",
    "PlanVersion",
    "Plaque",
    "PledgeState",
    "Progress",
    "Staff",
    "StaffKind",
    "Stage",
    "Studio",
    "StudioChange",
    "StudioState",
    "StudioUserObjectPermission",
    "StudioYear",
    "SupportPledge",
    "Term",
    "Verdict",
]
