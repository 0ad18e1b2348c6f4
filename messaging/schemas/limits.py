"""Limits of EventBridge Schemas, as documented in November 2026."""

from typing import Final

CONTENT_CHARS_MAX: Final = 100_000
# What is nested deeper is no schema that anybody could read [model].
CONTENT_LEVELS_MAX: Final = 128
PAGE_DEFAULT: Final = 100
PAGE_MAX: Final = 100
REGISTRY_CHARS_MAX: Final = 64
SCHEMA_CHARS_MAX: Final = 385
# AWS ignores events of more than 255 levels; here a shape takes three levels of JSON for one of an
# event, and JSON ends at 254 [model].
LEVELS_MAX: Final = 64
# A discoverer makes no more versions of a schema, or of schemas, than these [model].
DISCOVERED_VERSIONS_MAX: Final = 100
DISCOVERED_SCHEMAS_MAX: Final = 1_000
