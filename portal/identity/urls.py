"""Addresses of corrections beside those of their flow, below /corrections/."""

from django.urls import path

from .lists import CorrectionList
from .views import CompareNumbers

urlpatterns = [
    path("", CorrectionList.as_view(), name="identitycorrection-list"),
    path("<int:pk>/numbers/", CompareNumbers.as_view(), name="correction-numbers"),
]
