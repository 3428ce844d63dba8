"""The same desk and incident as the tests of the verbs."""

from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]
