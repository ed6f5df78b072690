"""Trials of diagrams without a house."""
