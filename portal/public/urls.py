"""The addresses of the public site; publicity and objections are in applications.urls_publicity."""

from django.urls import path

from portal.public import measures, privacy, views

urlpatterns = [
    path("", views.home, name="home"),
    path("directory/", views.directory, name="directory"),
    path("directory/<str:number>/", views.studio, name="directory-studio"),
    path("public/documents/", views.documents, name="public-documents"),
    path("articles/", measures.articles, name="articles"),
    path("articles/interpretations/", measures.interpretations, name="interpretations"),
    path("articles/<int:number>/", measures.article, name="article"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/<int:version>/", privacy.privacy, name="privacy-version"),
    path("favicon.ico", views.icon, name="icon"),
    path("robots.txt", views.robots, name="robots"),
]
