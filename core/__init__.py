"""What Beleg knows about applications, paperwork and answers; it knows no HTTP."""
