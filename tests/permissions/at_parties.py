"""Pages of people, teams, organisations, services and rights: who sees and who may change."""

from __future__ import annotations

from tests.permissions.routes import (
    ADMIN,
    EVERYBODY,
    OWNERS,
    RIGHTS,
    STAFF,
    at,
    eve,
    get,
    grant,
    post,
    relation,
)

SEE_EVE = STAFF | {"requester", "customer_manager"}
"""Who may look Eve of Finance up: the staff, herself, and who answers for her customer."""

ASKERS = ADMIN | {"team_lead", "service_owner", "customer_manager"}
"""Who may ask for some grant; which one is tried in test_foreign_ids.py."""

PARTY_PAGES = [
    get("person", sees=SEE_EVE, path=at(number=eve)),
    get("person_change", sees=SEE_EVE, may=ADMIN, path=at(number=eve)),
    post("person_change", sees=SEE_EVE, may=ADMIN, path=at(number=eve), data={"name": "Evil"}),
    post("person_invitations", sees=SEE_EVE, may=ADMIN, path=at(number=eve)),
    post("person_sessions_end", sees=SEE_EVE, may=ADMIN | {"requester"}, path=at(number=eve)),
    post("person_disabling", sees=SEE_EVE, may=ADMIN, path=at(number=eve)),
    post("person_enabling", sees=SEE_EVE, may=ADMIN, path=at(number=eve)),
    get("person_erasure", sees=SEE_EVE, may=ADMIN, path=at(number=eve)),
    post("person_erasure", sees=SEE_EVE, may=ADMIN, path=at(number=eve)),
    post("person_token_end", sees=ADMIN, path=at(
        number=lambda w: w.cast.nora.pk, token=lambda w: w.others["token"].pk)),
    get("relation_new", sees=SEE_EVE, may=ADMIN, path=at(number=eve, kind="team")),
    post("relation_new", sees=SEE_EVE, may=ADMIN, path=at(number=eve, kind="team"),
         data=lambda w, i: {"target": w.cast.service_desk.pk}),
    post("relation_end", sees=STAFF | {"customer_manager"}, may=ADMIN, path=at(
        number=eve, relation=relation("manages", "other", "eve"))),
    get("grant_new", sees=SEE_EVE, may=ASKERS,
        path=at(number=eve)),
    post("grant_new", sees=SEE_EVE, may=ASKERS, path=at(number=eve),
         data={"role": "admin", "where": "all", "reason": "Because"}),
    post("grant_approvals", sees=RIGHTS, path=at(number=grant)),
    get("grant_revocation", sees=RIGHTS, may=ADMIN, path=at(number=grant)),
    post("grant_revocation", sees=RIGHTS, may=ADMIN, path=at(number=grant),
         data={"reason": "Not needed"}),
    get("team", sees=STAFF, path=at(number=lambda w: w.cast.service_desk.pk)),
    get("team_change", sees=STAFF, may=ADMIN, path=at(number=lambda w: w.cast.service_desk.pk)),
    post("team_change", sees=STAFF, may=ADMIN, data={"name": "Evil"},
         path=at(number=lambda w: w.cast.service_desk.pk)),
    post("team_members", sees=STAFF, may=ADMIN, data=lambda w, i: {"person": w.cast.olga.pk},
         path=at(number=lambda w: w.cast.service_desk.pk)),
    post("member_end", sees=STAFF, may=ADMIN, path=at(
        number=lambda w: w.cast.service_desk.pk,
        relation=relation("member_of", "person", "nora"))),
    get("organisation", sees=STAFF | {"customer_manager", "requester"},
        path=at(number=lambda w: w.cast.finance.pk)),
    get("organisation_change", sees=STAFF | {"customer_manager", "requester"}, may=ADMIN,
        path=at(number=lambda w: w.cast.finance.pk)),
    post("organisation_change", sees=STAFF | {"customer_manager", "requester"}, may=ADMIN,
         path=at(number=lambda w: w.cast.finance.pk), data={"name": "Evil", "kind": "customer"}),
    get("service_change", sees=EVERYBODY - {"provider_agent", "other_customer"}, may=OWNERS,
        path=at(code="erp-finance")),
    post("service_change", sees=EVERYBODY - {"provider_agent", "other_customer"}, may=OWNERS,
         path=at(code="erp-finance"), data={"name": "ERP", "kind": "business", "state": "live"}),
    get("offering_new", sees=EVERYBODY - {"provider_agent", "other_customer"}, may=OWNERS,
        path=at(code="erp-finance")),
    post("offering_new", sees=EVERYBODY - {"provider_agent", "other_customer"}, may=OWNERS,
         path=at(code="erp-finance"), data={"code": "x", "name": "X"}),
    get("offering", sees=STAFF, may=OWNERS, path=at(code="erp-finance", offering="gold")),
    post("offering", sees=STAFF, may=OWNERS, path=at(code="erp-finance", offering="gold"),
         data={"code": "gold", "name": "Gold", "state": "draft"}),
]  # fmt: skip
