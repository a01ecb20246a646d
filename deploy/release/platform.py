"""Who starts and ends a build's processes: this machine, or commands that an operator names."""

from collections.abc import Mapping

from deploy.release.config import ReleaseConfig
from deploy.release.hooks import HookPlatform
from deploy.release.local import LocalPlatform
from deploy.release.model import Platform

__all__ = ["HookPlatform", "LocalPlatform", "platform_of"]


def platform_of(config: ReleaseConfig, environ: Mapping[str, str]) -> Platform:
    """The platform that `release.toml` names; `environ` is what its caller finds set."""
    if config.hooks is not None:
        return HookPlatform(config.hooks, config.environ(environ))
    return LocalPlatform(config.local, config.environ(environ))
