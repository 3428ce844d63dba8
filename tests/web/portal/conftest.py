"""What tests of the portal stand on: Meridian with incident management running."""

from __future__ import annotations

from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]
