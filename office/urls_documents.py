"""The addresses of official documents (/documents/), their public check (/check/) and my jobs (/jobs/)."""

from django.urls import path

from office.views.check import Check, CheckForm
from office.views.documents import DocumentList, DocumentPage, DocumentPdf, DocumentState
from office.views.jobs import JobFile, JobList, JobPage, JobProgress

urlpatterns = [
    path("documents/", DocumentList.as_view(), name="document-list"),
    path("documents/<int:pk>/", DocumentPage.as_view(), name="document"),
    path("documents/<int:pk>/state/", DocumentState.as_view(), name="document-state"),
    path("documents/<int:pk>/pdf/", DocumentPdf.as_view(), name="document-pdf"),
    path("check/", CheckForm.as_view(), name="check-form"),
    path("check/<str:code>/", Check.as_view(), name="check"),
    path("jobs/", JobList.as_view(), name="jobs"),
    path("jobs/<int:pk>/", JobPage.as_view(), name="job"),
    path("jobs/<int:pk>/progress/", JobProgress.as_view(), name="job-progress"),
    path("jobs/<int:pk>/file/", JobFile.as_view(), name="job-file"),
]
