"""Stories: whole lives of cases on a virtual clock, told as sentences."""
