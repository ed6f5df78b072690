"""Documents (公文): what the office issues, in the words issued: drafted, signed, numbered, sealed, sent out, received.

Each version is kept with its digest, and what is issued stays in its words. The seal is pressed on paper: nothing here
draws one.
"""
