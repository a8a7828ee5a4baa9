"""The addresses of studios beside those of their flows."""

from django.urls import path

from studios.views.invite import InviteView
from studios.views.lists import MembershipList, StudioList
from studios.views.plans import PlanList, PlanPrint
from studios.views.plaque import PlaqueView

urlpatterns = [
    path("studios/", StudioList.as_view(), name="studio-list"),
    path("studios/<str:number>/members/invite/", InviteView.as_view(), name="studio-invite"),
    path("studios/<str:number>/plaque/", PlaqueView.as_view(), name="plaque"),
    path("plans/", PlanList.as_view(), name="plan-list"),
    path("plans/<int:pk>/print/", PlanPrint.as_view(), name="plan-print"),
    path("memberships/", MembershipList.as_view(), name="membership-list"),
]
