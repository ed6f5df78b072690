"""Sets up, builds and checks the house; the standard library only, and never part of the wheel."""
