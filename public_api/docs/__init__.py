"""The documentation that partners read: pages made from what the versions have published."""

from public_api.docs.site import Docs

__all__ = ["Docs"]
