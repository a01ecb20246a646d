"""The edge: Envoy, who sends callers to builds, told by files.

`bootstrap(EdgeSettings)` is what it starts with; `FileEdge(folder, admin)` tells it who goes where.
"""

from deploy.release.edge.files import bootstrap, initial, write
from deploy.release.edge.live import FileEdge
from deploy.release.edge.settings import Certificate, EdgeSettings, Limits

__all__ = ["Certificate", "EdgeSettings", "FileEdge", "Limits", "bootstrap", "initial", "write"]
