"""A province that lives by itself on a virtual clock: its people look at their own queues and answer what they find.

Every act goes through the service that the act's page calls, so nothing comes about that an office could not have done.
"""

from web.simulation.outcome import Outcome
from web.simulation.province import Span, live

__all__ = ["Outcome", "Span", "live"]
