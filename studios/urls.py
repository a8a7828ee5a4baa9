"""The addresses of studios beside those of their flows."""

from django.urls import path

from studios.views.activities import ActivityEdit, ActivityList, ActivityNew
from studios.views.advice import AdviceEdit, AdviceList, AdviceNew
from studios.views.board import StudioBoard
from studios.views.calendar import CalendarView
from studios.views.career import CareerList, CareerPrint, NoteView
from studios.views.changes import ProposeView
from studios.views.consent import ConsentPrint
from studios.views.county import CountyPlanEdit, CountyPlanImport, CountyPlanList
from studios.views.invite import InviteView
from studios.views.ledger import LedgerView
from studios.views.lists import MembershipList, StudioList
from studios.views.outputs import OutputEdit, OutputList, OutputNew
from studios.views.plans import PlanItemsIn, PlanList, PlanPrint
from studios.views.plaque import PlaqueView
from studios.views.reporting import DiagnosisView, ReportView, SchoolsView
from studios.views.staff import StaffDraft, StaffEnd, StaffView
from studios.views.summaries import SummaryList, SummaryPictures, SummaryPrint
from studios.views.support import PledgeList

urlpatterns = [
    path("studios/", StudioList.as_view(), name="studio-list"),
    path("studios/<str:number>/members/invite/", InviteView.as_view(), name="studio-invite"),
    path("studios/<str:number>/staff/new/<str:kind>/", StaffView.as_view(), name="staff-new"),
    path("studios/<str:number>/staff/<int:pk>/", StaffView.as_view(), name="staff-edit"),
    path("studios/<str:number>/staff/<int:pk>/end/", StaffEnd.as_view(), name="staff-end"),
    path("studios/<str:number>/staff/<int:pk>/draft/", StaffDraft.as_view(), name="staff-draft"),
    path("studios/<str:number>/changes/<str:kind>/", ProposeView.as_view(), name="studio-change-new"),
    path("studios/<str:number>/plaque/", PlaqueView.as_view(), name="plaque"),
    path("studios/<str:number>/ledger/<int:year>/", LedgerView.as_view(), name="studio-ledger"),
    path("studios-board/", StudioBoard.as_view(), name="studio-board"),
    path("county-plan/", CountyPlanList.as_view(), name="county-plan"),
    path("county-plan/new/", CountyPlanEdit.as_view(), name="county-plan-new"),
    path("county-plan/import/", CountyPlanImport.as_view(), name="county-plan-import"),
    path("county-plan/<int:pk>/", CountyPlanEdit.as_view(), name="county-plan-edit"),
    path("studios/<str:number>/advice/new/", AdviceNew.as_view(), name="advice-new"),
    path("advice/", AdviceList.as_view(), name="advice-list"),
    path("advice/<int:pk>/edit/", AdviceEdit.as_view(), name="advice-edit"),
    path("plans/", PlanList.as_view(), name="plan-list"),
    path("plans/<int:pk>/print/", PlanPrint.as_view(), name="plan-print"),
    path("plans/<int:pk>/items/import/", PlanItemsIn.as_view(), name="plan-items-import"),
    path("pledges/", PledgeList.as_view(), name="supportpledge-list"),
    path("summaries/", SummaryList.as_view(), name="annualsummary-list"),
    path("summaries/<int:pk>/print/", SummaryPrint.as_view(), name="summary-print"),
    # A section of the form with a page of its own; the form's other addresses are the flow's.
    path("summaries/<str:key>/form/pictures/", SummaryPictures.as_view(), name="summary-pictures"),
    path("career-plans/", CareerList.as_view(), name="career-list"),
    path("career-plans/<int:pk>/print/", CareerPrint.as_view(), name="career-print"),
    path("career-plans/<int:pk>/notes/", NoteView.as_view(), name="career-note"),
    path("memberships/<int:pk>/consent/", ConsentPrint.as_view(), name="membership-consent"),
    path("activities/", ActivityList.as_view(), name="activity-list"),
    path("activities/new/", ActivityNew.as_view(), name="activity-new"),
    path("activities/calendar/", CalendarView.as_view(), name="activity-calendar"),
    path("activities/<int:pk>/edit/", ActivityEdit.as_view(), name="activity-edit"),
    path("activities/<int:pk>/report/", ReportView.as_view(), name="activity-report"),
    path("activities/<int:pk>/schools/", SchoolsView.as_view(), name="activity-schools"),
    path("activities/<int:pk>/schools/<int:school>/", DiagnosisView.as_view(), name="activity-diagnosis"),
    path("outputs/", OutputList.as_view(), name="output-list"),
    path("outputs/new/", OutputNew.as_view(), name="output-new"),
    path("outputs/<int:pk>/edit/", OutputEdit.as_view(), name="output-edit"),
    path("memberships/", MembershipList.as_view(), name="membership-list"),
]
