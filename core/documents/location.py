"""Where a store of documents is: S3, or a local folder, which nobody who only looks ever makes.

A folder that is not there is a disk that is away. Made anew it would take in documents that are
gone once the disk is back.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.store import LocalStore, ObjectStore, S3Store

from core.errors import Complaint, Invalid, Unavailable

LEAST_BYTES = 1024 * 1024
"""What must be free on a local disk for it not to count as full."""


class StoreLocation:
    """The folder or bucket at an address; raises Invalid where the address is neither's."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("file", "s3"):
            raise Invalid(
                Complaint("BELEG_BLOB_URL", "BELEG_BLOB_URL: a file:// or s3:// address is needed")
            )
        self.folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/") or None
        self._opened: ObjectStore | None = None

    def open(self) -> ObjectStore:
        """The store; raises Unavailable where its folder is not there."""
        if self._opened is None:
            self.require_folder()
            self._opened = (
                LocalStore(self.folder)
                if self.folder
                else S3Store(self._bucket, prefix=self._prefix)
            )
        return self._opened

    def make(self) -> bool:
        """Make the folder where it is not there; whether it was made."""
        if self.folder is None or self.folder.is_dir():
            return False
        self.folder.mkdir(parents=True)
        return True

    def require_folder(self) -> None:
        """Raise Unavailable where the folder is not there."""
        if self.folder is not None and not self.folder.is_dir():
            raise Unavailable(
                f"The folder of documents, {self.folder}, is not there: is its disk? The first"
                " time, beleg migrate makes it."
            )

    def require_room(self) -> None:
        """Raise Unavailable where a local disk is full or takes no writes; it writes nothing."""
        if self.folder is None:
            return
        self.require_folder()
        disk = os.statvfs(self.folder)
        if disk.f_flag & os.ST_RDONLY:
            raise Unavailable("The disk of documents takes no writes.")
        if disk.f_bavail * disk.f_frsize < LEAST_BYTES or (disk.f_files and not disk.f_favail):
            raise Unavailable("The disk of documents is full.")
