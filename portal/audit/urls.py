"""Addresses of the security auditor, below /audit/."""

from django.urls import path

from . import views

app_name = "audit"

urlpatterns = [
    path("sign-ins/", views.SignInList.as_view(), name="sign_ins"),
    path("entries/", views.EntryList.as_view(), name="entries"),
    path("verify/", views.verify, name="verify"),
]
