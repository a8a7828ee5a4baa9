"""Addresses of corrections beside those of their flow, below /corrections/."""

from django.urls import path

from .views import CompareNumbers

urlpatterns = [
    path("<int:pk>/numbers/", CompareNumbers.as_view(), name="correction-numbers"),
]
