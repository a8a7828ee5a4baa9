"""Every address of the program; an app's own addresses are in its urls module."""

from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz
from portal.own.password import password
from portal.programme import ProgrammePage

handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("portal.public.urls")),
    path("", include("accounts.urls")),
    path("registry/", include("portal.registry.urls")),
    path("audit/", include("portal.audit.urls")),
    path("password/", password, name="password"),
    path("me/", include("portal.own.urls")),
    path("safety/", include("portal.safety.urls")),
    path("", include("portal.interpretations.urls")),
    path("files/", include("office.urls_files")),
    path("", include("office.urls_documents")),
    path("", include("evaluations.urls")),
    path("", include("applications.urls")),
    path("", include("applications.urls_review")),
    path("", include("applications.urls_publicity")),
    path("", include("studios.urls")),
    path("holidays/", include("portal.urls_holidays")),
    path("programme/", ProgrammePage.as_view(), name="programme"),
    path("corrections/", include("portal.identity.urls")),
    path("help/", include("portal.help.urls")),
    # Last: below /applications/ a word is the key of a case unless the app has a page of that name.
    path("", include("office.urls")),
]
