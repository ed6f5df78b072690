"""Benches: interleaved medians beside the bare floor of the same run. `make bench` runs them all."""
