"""The URL table of the pages; AWS requests never reach it."""

from django.urls import include, path

urlpatterns = [path("", include("dashboard.urls"))]
