"""The one registry of declared record types."""

from app.domain.schema import Registry

REGISTRY = Registry()
