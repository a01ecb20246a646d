"""The shadow: B is asked what A is asked, on a role that cannot write, and the two are compared.

Users wait for none of it. The edge gives the differ a copy of what the API is asked; the differ
asks A, B and A again, and what A itself does not say twice in the same way is noise.
"""

from deploy.release.shadow.local import LocalDiffer
from deploy.release.shadow.remote import HookDiffer

__all__ = ["HookDiffer", "LocalDiffer"]
