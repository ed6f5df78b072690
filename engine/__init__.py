"""Moves a case along its diagram until it has to wait."""
