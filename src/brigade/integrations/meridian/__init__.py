"""The example organisation *Meridian* with a year of work, made by a seeded simulation.

Everything in it goes through the kernel's own verbs, with the instants of the
simulated year, so that every figure made from it is made as from real work.
"""

from brigade.integrations.meridian.loading import Loaded, is_loaded, load
from brigade.integrations.meridian.removing import remove

__all__ = ["Loaded", "is_loaded", "load", "remove"]
