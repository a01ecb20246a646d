"""Ways to break old clients by changing what lies behind their version, and what notices each."""
