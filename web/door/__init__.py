"""What every request passes: who asks, may they, in which language, and what leaves the house again."""
