"""Tesseract, which reads scans: the machine's own, else installed by apt."""

from tests import apt

if __name__ == "__main__":
    apt.provide(("tesseract",), ("tesseract-ocr", "tesseract-ocr-deu"))
