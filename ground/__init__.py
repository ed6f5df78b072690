"""What everybody stands on: who, where, when, and where things are kept; knows nothing of cases."""
