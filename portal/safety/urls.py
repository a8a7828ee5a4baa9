"""Addresses of login safety, below /safety/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.safety, name="safety"),
    path("notice/", views.data_notice, name="data-notice"),
]
