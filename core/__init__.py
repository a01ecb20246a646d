"""What Beleg knows about applications, paperwork and answers; it answers no request."""
