"""SpiffWorkflow, and nothing of it beyond this folder."""
