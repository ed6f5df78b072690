"""The promises of the house about survival, each with its trials: a quick seed as a test, all by `make trust`."""
