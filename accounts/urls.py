"""Login and what belongs to one's own account."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("login/code/", views.code, name="login-code"),
    path("login/demo/", views.demo_login, name="demo_login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("capacity/", views.capacity, name="capacity"),
]
