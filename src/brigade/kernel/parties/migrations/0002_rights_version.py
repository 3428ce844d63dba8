"""Keep `rights_version` true whoever writes: a cached identity is valid while it is unchanged.

A value comes from a sequence and is never given twice, not even after a
rollback, so a cache filled inside a transaction that failed matches nothing.
"""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE SEQUENCE parties_rights_version;

CREATE FUNCTION parties_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.rights_version := nextval('parties_rights_version');
    RETURN NEW;
END $$;

CREATE TRIGGER parties_person_changed
    BEFORE INSERT OR UPDATE OF name, email, title, phone, organisation_id, language, timezone,
        is_active, is_system, credentials_version
    ON parties_person FOR EACH ROW EXECUTE FUNCTION parties_person_changed();

CREATE FUNCTION parties_rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE parties_person SET rights_version = nextval('parties_rights_version')
         WHERE id = OLD.person_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.person_id <> OLD.person_id) THEN
        UPDATE parties_person SET rights_version = nextval('parties_rights_version')
         WHERE id = NEW.person_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER parties_rights_changed
    AFTER INSERT OR UPDATE OR DELETE ON parties_rolegrant
    FOR EACH ROW EXECUTE FUNCTION parties_rights_changed();

CREATE TRIGGER parties_rights_changed
    AFTER INSERT OR UPDATE OR DELETE ON parties_relation
    FOR EACH ROW EXECUTE FUNCTION parties_rights_changed();
"""

BACKWARD = """
DROP TRIGGER parties_rights_changed ON parties_relation;
DROP TRIGGER parties_rights_changed ON parties_rolegrant;
DROP FUNCTION parties_rights_changed();
DROP TRIGGER parties_person_changed ON parties_person;
DROP FUNCTION parties_person_changed();
DROP SEQUENCE parties_rights_version;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("parties", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
