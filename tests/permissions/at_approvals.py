"""Pages and routes of approvals: read by staff and whoever sits, voted on by whoever sits."""

from __future__ import annotations

from brigade.kernel.approvals.mail_links import key_for
from tests.permissions.routes import STAFF, at, get, post

SEATED = frozenset({"process_owner", "vendor_manager", "team_lead"})
ASKER = frozenset({"change_manager"})
PAGE = at(approval_id=lambda w: w.others["approval"].pk)
HERE = at(approval=lambda w: w.others["approval"].pk)
MAIL = at(key=lambda w: key_for(w.others["approval"], w.cast.petra))
OWNER = frozenset({"process_owner"})
YES = {"vote": "approve"}

APPROVALS = [
    get("approval", sees=STAFF, path=PAGE),
    post("approval_vote", sees=STAFF, may=SEATED, path=PAGE, data=YES),
    post("approval_answer", sees=STAFF, may=ASKER, path=PAGE, data={"text": "So."}),
    post("approval_withdrawal", sees=STAFF, may=ASKER, path=PAGE, data={"reason": "So."}),
    get("approval_by_mail", may=OWNER, path=MAIL),
    post("approval_by_mail", may=OWNER, path=MAIL, data=YES),
    get("/approvals"),
    get("/approvals/{approval}", sees=STAFF, path=HERE),
    post("/approvals/{approval}/votes", sees=STAFF, may=SEATED, path=HERE, data=YES),
    post("/approvals/{approval}/answers", sees=STAFF, may=ASKER, path=HERE, data={"text": "So."}),
    post("/approvals/{approval}/withdrawal", sees=STAFF, may=ASKER, path=HERE,
         data={"reason": "So."}),
]  # fmt: skip
