"""Addresses of one's own data, below /me/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.own, name="own"),
    path("edit/", views.edit, name="own-edit"),
    path("export/", views.export, name="own-export"),
]
