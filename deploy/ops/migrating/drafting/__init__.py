"""Revisions written from what metadata and database differ in."""
