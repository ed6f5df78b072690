"""What waits, for whom, until when."""
