"""The account that runs PostgreSQL, which refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """Whom a child process runs as, and what that one may reach."""

    uid: int
    gid: int
    borrowed: bool

    @classmethod
    def fit(cls) -> "ServerAccount":
        """Oneself; `nobody` for root, which needs no account to be made."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), borrowed=False)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, borrowed=True)

    def identity(self) -> dict[str, Any]:
        """What `subprocess` needs to start a process as this account."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid)

    def reaches(self, program: Path) -> bool:
        """Whether this account may enter every folder on the way to a program, and run it."""
        if not self.borrowed:
            return True
        enter = all(folder.stat().st_mode & 0o001 for folder in program.parents)
        return enter and program.stat().st_mode & 0o005 == 0o005
