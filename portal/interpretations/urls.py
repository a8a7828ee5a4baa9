"""Questions on the measures, beside the addresses of their flow."""

from django.urls import path

from portal.interpretations.views import Ask, InterpretationList, Volunteer

urlpatterns = [
    path("interpretations/", InterpretationList.as_view(), name="interpretation-list"),
    path("interpretations/ask/", Ask.as_view(), name="interpretation-ask"),
    path("interpretations/new/", Volunteer.as_view(), name="interpretation-new"),
]
