"""Signs of life are not worth a log; who loses their way in is said at once, whoever writes."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
ALTER TABLE live_presence SET UNLOGGED;

CREATE FUNCTION live_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('brigade_live', json_build_object('people', json_build_array(NEW.id))::text);
    RETURN NULL;
END $$;

CREATE TRIGGER live_person_changed AFTER UPDATE ON parties_person FOR EACH ROW
    WHEN (OLD.rights_version <> NEW.rights_version OR OLD.password <> NEW.password)
    EXECUTE FUNCTION live_person_changed();

CREATE FUNCTION live_sessions_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('brigade_live', json_build_object('sessions', json_agg(digest))::text)
       FROM (SELECT encode(sha256(convert_to(session_key, 'UTF8')), 'hex') AS digest,
                    row_number() OVER () / 80 AS part FROM ended) AS each GROUP BY part;
    RETURN NULL;
END $$;

CREATE TRIGGER live_sessions_ended AFTER DELETE ON django_session
    REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION live_sessions_ended();
"""

BACKWARD = """
DROP TRIGGER live_sessions_ended ON django_session;
DROP FUNCTION live_sessions_ended();
DROP TRIGGER live_person_changed ON parties_person;
DROP FUNCTION live_person_changed();
ALTER TABLE live_presence SET LOGGED;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("live", "0001_initial"),
        ("parties", "0002_rights_version"),
        ("sessions", "0001_initial"),
    ]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
