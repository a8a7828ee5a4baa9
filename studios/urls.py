"""The addresses of studios beside those of their flows."""

from django.urls import path

from studios.views.board import StudioBoard
from studios.views.county import CountyPlanEdit, CountyPlanImport, CountyPlanList
from studios.views.invite import InviteView
from studios.views.ledger import LedgerView
from studios.views.lists import MembershipList, StudioList
from studios.views.plans import PlanList, PlanPrint
from studios.views.plaque import PlaqueView

urlpatterns = [
    path("studios/", StudioList.as_view(), name="studio-list"),
    path("studios/<str:number>/members/invite/", InviteView.as_view(), name="studio-invite"),
    path("studios/<str:number>/plaque/", PlaqueView.as_view(), name="plaque"),
    path("studios/<str:number>/ledger/<int:year>/", LedgerView.as_view(), name="studio-ledger"),
    path("studios-board/", StudioBoard.as_view(), name="studio-board"),
    path("county-plan/", CountyPlanList.as_view(), name="county-plan"),
    path("county-plan/new/", CountyPlanEdit.as_view(), name="county-plan-new"),
    path("county-plan/import/", CountyPlanImport.as_view(), name="county-plan-import"),
    path("county-plan/<int:pk>/", CountyPlanEdit.as_view(), name="county-plan-edit"),
    path("plans/", PlanList.as_view(), name="plan-list"),
    path("plans/<int:pk>/print/", PlanPrint.as_view(), name="plan-print"),
    path("memberships/", MembershipList.as_view(), name="membership-list"),
]
