"""The app and its label."""

from django.apps import AppConfig


class Zone(AppConfig):
    """The zone's tables."""

    name = "bench.peers.django_admin"
    label = "zone"
