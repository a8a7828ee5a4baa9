"""Addresses of the registry, below /registry/."""

from django.urls import path

from .views import appointments, ending, openings, organisations, people, principals, rosters

app_name = "registry"

urlpatterns = [
    path("", organisations.index, name="index"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisations"),
    path("organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("people/", people.PersonList.as_view(), name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/switch/", people.person_switch, name="person_switch"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("people/<int:pk>/second-factor/", people.person_second_factor, name="person_second_factor"),
    path("people/<int:pk>/appointments/new/", appointments.appointment_new, name="appointment_new"),
    path("appointments/", appointments.AppointmentList.as_view(), name="appointments"),
    path("appointments/end/", ending.appointments_end, name="appointments_end"),
    path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment_end"),
    path("principals/", principals.PrincipalList.as_view(), name="principals"),
    path("principals/new/", principals.principal_new, name="principal_new"),
    path("principals/<int:pk>/", principals.principal, name="principal"),
    path("principals/<int:pk>/edit/", principals.principal_edit, name="principal_edit"),
    path("principals/<int:pk>/reveal/", principals.principal_reveal, name="principal_reveal"),
    path("principals/<int:pk>/account/", principals.principal_account, name="principal_account"),
    path("accounts/", openings.index, name="accounts"),
    path("accounts/principals/", openings.for_principals, name="accounts_principals"),
    path("accounts/officers/", openings.for_officers, name="accounts_officers"),
    path("accounts/template/", openings.template, name="accounts_template"),
    path("accounts/<slug:token>/", openings.batch, name="accounts_batch"),
    path("accounts/<slug:token>/open/", openings.confirm, name="accounts_open"),
    path("accounts/<slug:token>/slips/", openings.slips, name="accounts_slips"),
    path("rosters/<slug:kind>/", rosters.roster, name="roster"),
    path("rosters/<slug:kind>/template/", rosters.roster_template, name="roster_template"),
    path("rosters/<slug:kind>/<slug:token>/", rosters.roster_preview, name="roster_preview"),
    path("rosters/<slug:kind>/<slug:token>/confirm/", rosters.roster_confirm, name="roster_confirm"),
    path("rosters/<slug:kind>/<slug:token>/refused/", rosters.roster_refused, name="roster_refused"),
]
