"""The addresses of rubrics."""

from django.urls import path

from evaluations.views.rubrics import LayDefault, NewVersion, RubricEdit, RubricList, RubricPage

urlpatterns = [
    path("rubrics/", RubricList.as_view(), name="rubric-list"),
    path("rubrics/default/", LayDefault.as_view(), name="rubric-default"),
    path("rubrics/<int:pk>/", RubricPage.as_view(), name="rubric"),
    path("rubrics/<int:pk>/edit/", RubricEdit.as_view(), name="rubric-edit"),
    path("rubrics/<int:pk>/versions/", NewVersion.as_view(), name="rubric-version"),
]
