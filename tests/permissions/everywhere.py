"""All other pages and routes, and the whole of them together."""

from __future__ import annotations

from tests.permissions.at_adoption import ADOPTION
from tests.permissions.at_approvals import APPROVALS
from tests.permissions.at_calendars import CALENDARS
from tests.permissions.at_drafts import DRAFTS
from tests.permissions.at_figures import FIGURE_PAGES
from tests.permissions.at_governance import GOVERNANCE
from tests.permissions.at_parties import PARTY_PAGES
from tests.permissions.at_records import RECORD_PAGES, RECORD_ROUTES
from tests.permissions.at_targets import TARGETS
from tests.permissions.at_versions import VERSIONS
from tests.permissions.routes import (
    ADMIN,
    ADOPTERS,
    CUSTOMERS,
    DESK,
    EVERYBODY,
    LEADS,
    NOBODY,
    OPENERS,
    OUTBOX,
    PORTFOLIO,
    RIGHTS,
    STAFF,
    WRITERS,
    at,
    get,
    post,
    run,
)

PAGES = [
    get("home"),
    get("setup", sees=ADMIN), post("setup", sees=ADMIN),
    get("setup_example", sees=ADMIN), post("setup_example", sees=ADMIN, data={"out": "1"}),
    get("account"), post("account_preferences", data={"language": "en"}),
    post("account_areas", data={"area": "work", "open": "1"}), get("account_zones"),
    post("account_issue_token", data={"name": "mine", "days": "30", "scope": "read"}),
    post("account_end_token", path=at(token=lambda w: w.others["token"].pk), sees=NOBODY),
    post("account_end_sessions"),
    get("gallery"),
    get("portal_home"), get("portal_report"), post("portal_report", data={"title": "Printer"}),
    post("portal_report_draft", data={"title": "Printer"}), get("portal_report_services"),
    get("portal_report_fields"),
    get("portal_requests"),
    get("incident_new"),
    post("incident_new", data=lambda w, i: {"requester": w.cast.nora.pk, "title": "By phone"},
         may=OPENERS | CUSTOMERS | {"provider_agent"}),
    get("incident_preview", sees=DESK, query="title=pub"),
    get("incident_own_fields", sees=DESK),
    get("pick_people", query="q=f"), get("pick_records", query="q=pub"),
    post("draft", data={"body": "Dear"}, path=at(form="INC-1/reply")),
    get("replies", may=WRITERS), get("reply_new", may=WRITERS),
    post("reply_new", data={"name": "Hi", "body": "Hi"}, may=LEADS),
    get("queue", sees=DESK), get("queue_csv", sees=DESK), get("queue_xlsx", sees=DESK),
    get("queue_views", sees=DESK), get("at_risk", sees=DESK),
    get("queue_news", sees=DESK, query="number=INC-1"),
    get("live_pass", sees=DESK), get("live_counts", sees=DESK),
    post("queue_views", sees=DESK, data={"name": "New", "query": "status=new"}),
    post("queue_view_drop", path=at(view_id=lambda w: w.others["view"].pk), sees=NOBODY),
    post("queue_columns", sees=DESK, data={"view": "all", "columns": "title"}),
    post("queue_assign", sees=DESK, data=lambda w, i: {
        "picked": [one.number for one in w.incidents.values()], "team": w.cast.service_desk.pk},
        ),
    post("queue_undo", sees=DESK, path=at(key="nothing")),
    get("search", query="q=zebra"), get("palette", query="q=pub"), get("inbox"), post("inbox_read"),
    get("recipes", sees=STAFF), get("recipe", sees=STAFF, path=at(key="incident")),
    get("recipe_matrix", sees=STAFF, path=at(key="incident")),
    post("recipe_matrix", data={"do": "choose", "matrix": "five_steps", "why": "Ours"},
         sees=STAFF, may=ADOPTERS, path=at(key="incident")),
    get("outbox", may=OUTBOX),
    post("outbox_retry_all", may=OUTBOX - {"auditor"}, data={"reason": "refused"}),
    get("imports", may=RIGHTS), get("import_new", may=ADMIN),
    post("imports", may=ADMIN, data={"map": "servicenow_incidents"}),
    get("import", may=RIGHTS, path=at(number=run)),
    get("import_progress", may=RIGHTS, path=at(number=run)),
    get("import_problems", may=RIGHTS, path=at(number=run)),
    post("import_start", may=ADMIN, path=at(number=run)),
    post("import_discard", may=ADMIN, path=at(number=run)),
    get("audit", may=RIGHTS), get("audit_seals", may=RIGHTS), get("audit_alone", may=RIGHTS),
    post("audit_seals", may=RIGHTS), post("audit_verification", may=RIGHTS),
    get("people"), get("person_new", may=ADMIN),
    post("person_new", may=ADMIN, data={"name": "New", "email": "new@finance.example"}),
    get("teams"), get("team_new", may=ADMIN), post("team_new", may=ADMIN, data={"name": "Night"}),
    get("organisations"), get("organisation_new", may=ADMIN),
    post("organisation_new", may=ADMIN, data={"name": "New", "code": "new", "kind": "customer"}),
    get("grants", may=RIGHTS), get("grant_scopes", query="role=agent"),
    get("csv", path=at(name="people")),
    post("csv", path=at(name="people"), data={"file": "CSV"}, may=ADMIN),
    get("csv_file", path=at(name="people")),
    get("services"), get("service_new", may=PORTFOLIO),
    post("service_new", may=PORTFOLIO, data={"code": "new", "name": "New", "kind": "business"}),
    get("service", sees=EVERYBODY - {"provider_agent", "other_customer"},
        path=at(code="erp-finance")),
    get("settings", may=ADMIN), post("settings", may=ADMIN, data={"name": "Taken over"}),
    get("settings_support", may=ADMIN),
    post("settings_support", may=ADMIN, data={"support_phone": "1"}),
    get("settings_files", may=ADMIN), get("settings_rights", may=ADMIN),
    get("settings_tokens", may=ADMIN),
    post("settings_token_end", sees=ADMIN, path=at(number=lambda w: w.others["token"].pk)),
    get("settings_mail", may=ADMIN),
    post("settings_mail_lift", may=ADMIN, data={"address": "a@b.c"}),
]  # fmt: skip

ROUTES = [
    get("/records", query="limit=100"),
    post("/records", data={"title": "By API"}),
    get("/records/search", query="q=zebra"),
    post("/bulk/assignment", data=lambda w, i: {
        "numbers": [one.number for one in w.incidents.values()], "assignee": None}),
    post("/bulk/give-back", data=lambda w, i: {
        "items": [{"number": one.number, "version": 1} for one in w.incidents.values()]}),
    get("/views"), post("/views", data={"name": "New", "query": "status=new"}),
    post("/views/{view_id}", method="DELETE", sees=NOBODY,
         path=at(view_id=lambda w: w.others["view"].pk)),
    get("/columns", query="view=all"),
    post("/columns", method="PUT", query="view=all", data={"columns": ["title"]}),
    get("/replies"),
    post("/replies", may=LEADS, data={"name": "Hi", "body": "Hi"}),
    get("/drafts", query="form=x/y"),
    post("/drafts", method="PUT", query="form=x/y", data={"values": {"body": "Dear"}}),
    post("/drafts", method="DELETE", query="form=x/y"),
    get("/people", query="limit=100"), get("/teams"), get("/organisations"),
    get("/services"),
    get("/services/{code}", sees=EVERYBODY - {"provider_agent", "other_customer"},
        path=at(code="erp-finance")),
    get("/recipes"), get("/recipes/{key}", path=at(key="incident")),
    get("/recipes/{key}/matrix", path=at(key="incident")),
    post("/recipes/{key}/matrix", data={"choose": "five_steps", "why": "Ours"},
         method="PUT", may=ADOPTERS, path=at(key="incident")),
]  # fmt: skip

ALL = [
    *ADOPTION, *APPROVALS, *CALENDARS, *TARGETS, *FIGURE_PAGES, *RECORD_PAGES, *PAGES, *PARTY_PAGES,
    *RECORD_ROUTES, *ROUTES, *VERSIONS, *DRAFTS, *GOVERNANCE,
]  # fmt: skip

ELSEWHERE = {
    "file": "test_one_answer.py asks it for every file and everybody",
    "record_link_removal": "test_foreign_ids.py: the link must be of this record",
    "record_reply": "test_foreign_ids.py: a reply of another team",
    "reply": "test_foreign_ids.py: a reply of another team",
    "reply_removal": "test_foreign_ids.py: a reply of another team",
    "outbox_retry": "test_foreign_ids.py: a message of a hidden record",
    "/records/{number}/links/{link_id} DELETE": "test_foreign_ids.py",
    "/records/{number}/watchers/{person_id} DELETE": "test_foreign_ids.py",
    "/replies/{reply_id} PUT": "test_foreign_ids.py: a reply of another team",
    "/replies/{reply_id} DELETE": "test_foreign_ids.py: a reply of another team",
    "openapi-json": "the description of the API is public",
    "api-root": "leads to the description",
}
"""Addresses without a line above, and where they are tried."""
