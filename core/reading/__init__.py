"""Reading: from a document's bytes to its application's figures and answers, as a job."""

from core.reading.job import DocumentReader, NotQuick

__all__ = ["DocumentReader", "NotQuick"]
