"""The addresses of applications beside those of their flows."""

from django.urls import path

from applications.views.apply import ApplyView
from applications.views.identity import IdentityView
from applications.views.lists import ApplicationList
from applications.views.members import ProposeView
from applications.views.printing import PrintView
from applications.views.proposals import ProposalList

urlpatterns = [
    path("calls/<str:number>/apply/", ApplyView.as_view(), name="call-apply"),
    path("proposals/", ProposalList.as_view(), name="proposedmember-list"),
    path("applications/", ApplicationList.as_view(), name="application-list"),
    path("applications/<str:number>/form/members/propose/", ProposeView.as_view(), name="member-propose"),
    path("applications/<str:number>/identity/", IdentityView.as_view(), name="application-identity"),
    path("applications/<str:number>/print/", PrintView.as_view(), name="application-print"),
]
