"""The addresses of the manuals."""

from django.urls import path

from portal.help import views

urlpatterns = [
    path("", views.own, name="help"),
    path("<slug:slug>/", views.manual, name="manual"),
]
