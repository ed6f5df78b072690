"""What province, cities and bases do together: difficulties of enterprises, joint meetings, changes, supervision.

Nothing here decides on a base: a difficulty is answered, a meeting resolves, a change is recorded, an order asks.
"""
