"""Every page of adoption."""

from __future__ import annotations

from brigade.web.adoption import questions, small_team, statement

urlpatterns = [*statement.urlpatterns, *questions.urlpatterns, *small_team.urlpatterns]
