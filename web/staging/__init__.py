"""Plays the first weeks of the demo before it opens: every act goes through the door that its person would use.

So nothing stands in the demo that its people could not have done, and each box has work in it.
"""

from web.staging.stage import open_on, play, skip

__all__ = ["open_on", "play", "skip"]
