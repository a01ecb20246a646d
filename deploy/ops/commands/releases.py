"""Commands that release a build beside another."""

from deploy.ops.commands.root import main


@main.group()
def release() -> None:
    """Release a build beside the one that serves, step by step, with proof at each."""
