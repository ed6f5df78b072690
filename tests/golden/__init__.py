"""States as each release froze them, with diagram, waits and the way on: kept for ever, never rewritten."""
