"""The schema's history for the whole house; imports nothing from us, so old steps never change with new code."""
