"""The program's addresses, and the floor's."""

from django.urls import path

from config import urls
from tests.performance.floor import floor

handler500 = urls.handler500
urlpatterns = [path("floor/", floor), *urls.urlpatterns]
