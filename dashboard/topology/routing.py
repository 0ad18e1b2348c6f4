"""Addresses of the websockets."""

from typing import Any

from django.urls import path

from dashboard.topology.consumers import stream

websocket_urlpatterns: list[Any] = [path("stream/<slug:slug>/", stream)]
