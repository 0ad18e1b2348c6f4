"""Wiring only: settings read from the environment, URL table, ASGI application."""
