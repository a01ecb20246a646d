"""Reading: from a document's bytes to its application's figures and answers, as a job."""

from core.reading.job import DocumentReader, NotQuick
from core.reading.processes import ReadingProcesses
from core.reading.retrying import list_failed, retry

__all__ = ["DocumentReader", "NotQuick", "ReadingProcesses", "list_failed", "retry"]
