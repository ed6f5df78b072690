"""What is decided about bases: the public notice before a designation, and the signed decision after it.

Nothing adverse and nothing favourable happens by clock or by score: only a decision signed by a person changes a base.
"""
