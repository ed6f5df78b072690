"""The words for people: the English of every Chinese text, the sentence of every code, dates as they are read."""
