"""Every address of the program; an app's own addresses are in its urls module."""

from django.urls import URLPattern, URLResolver, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]
