"""Every page of people, groups and rights."""

from __future__ import annotations

from brigade.web.parties import (
    account_end,
    belonging,
    csv,
    grants,
    organisations,
    people,
    person,
    teams,
)

urlpatterns = [
    *people.urlpatterns,
    *person.urlpatterns,
    *account_end.urlpatterns,
    *belonging.urlpatterns,
    *teams.urlpatterns,
    *organisations.urlpatterns,
    *grants.urlpatterns,
    *csv.urlpatterns,
]
