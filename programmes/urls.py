"""The measures, article by article."""

from django.urls import path

from programmes import views

urlpatterns = [
    path("articles/", views.articles, name="articles"),
    path("articles/<int:number>/", views.article, name="article"),
]
