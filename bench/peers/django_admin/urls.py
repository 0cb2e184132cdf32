"""The peer's addresses."""

from django.contrib import admin
from django.urls import path

from bench.peers.django_admin.ratings import ratings

urlpatterns = [path("admin/zone/ratings/", ratings), path("admin/", admin.site.urls)]
