"""Version 1, published on 2024-03-01: flat and in euros, as the first partners wrote it."""
