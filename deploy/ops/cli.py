"""The command line, `beleg`: one command a thing that an operator does."""

from deploy.ops.commands import partners, parts, people, versions
from deploy.ops.commands.root import main

__all__ = ["main", "partners", "parts", "people", "versions"]

if __name__ == "__main__":
    main()
