"""What was voted stays: only a reason may be emptied, as the body of an entry may be erased."""

from django.db import migrations

GUARD = """
create function vote_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.reason = ''
        and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then
        return new;
    end if;
    raise exception 'a vote is append-only' using errcode = 'restrict_violation';
end $$;
create trigger vote_refuses_change before update or delete on approvals_approvalvote
    for each row execute function vote_guard();
"""

DROP = """
drop trigger vote_refuses_change on approvals_approvalvote;
drop function vote_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, DROP)]
