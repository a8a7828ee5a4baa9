"""The addresses of uploaded files, included at /files/."""

from django.urls import path

from office.views.attachments import Download, Preview, Remove, Upload

urlpatterns = [
    path("<str:flow>/<int:pk>/", Upload.as_view(), name="attachment-upload"),
    path("<int:pk>/", Download.as_view(), name="attachment"),
    path("<int:pk>/preview/", Preview.as_view(), name="attachment-preview"),
    path("<int:pk>/remove/", Remove.as_view(), name="attachment-remove"),
]
