"""What a published version promised, and which changes would break those who rely on it."""
