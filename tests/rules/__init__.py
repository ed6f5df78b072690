"""The rule book against itself: each rule is broken once, and its tests must see it."""
