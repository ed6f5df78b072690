"""The shipped process folders, held to what they promise: every path, every table row, every word in two languages."""
