"""Version 2, published on 2026-06-01: snake_case, RFC 3339, money with its currency."""
