"""The schema's history for the whole house; imports nothing from us, so that an old step never changes with new code."""
