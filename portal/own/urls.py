"""Addresses of one's own data, below /me/."""

from django.urls import path

from portal.identity.views import AskCorrection

from . import consent, second_factor, views

urlpatterns = [
    path("", views.own, name="own"),
    path("edit/", views.edit, name="own-edit"),
    path("deputies/", views.deputies, name="own-deputies"),
    path("deputies/<int:pk>/end/", views.deputy_end, name="own-deputy-end"),
    path("identity/", AskCorrection.as_view(), name="own-identity"),
    path("export/", views.export, name="own-export"),
    path("consent/", consent.consent, name="consent"),
    path("second-factor/", second_factor.state, name="second-factor"),
    path("second-factor/new/", second_factor.new, name="second-factor-new"),
    path("second-factor/codes/", second_factor.codes, name="second-factor-codes"),
    path("second-factor/off/", second_factor.off, name="second-factor-off"),
]
