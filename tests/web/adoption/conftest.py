"""The desk of the verbs' tests, and people at their pages."""

from tests.web.work.conftest import desk, incident, signed_in

__all__ = ["desk", "incident", "signed_in"]
