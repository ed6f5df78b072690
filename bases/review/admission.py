"""Article 10(6) is a gate: the eight checks of admission, environment and safety apart, and what shuts it."""

ANSWERS = ("policy", "quality", "environment", "safety", "property", "competition", "law", "other")
FOUND = "found"
