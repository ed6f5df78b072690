"""What the measures let happen, and the register of bases."""
