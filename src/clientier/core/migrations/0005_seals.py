"""The audit refuses to be emptied as well, and each of its entries is sealed into a chain of hashes."""

from django.db import migrations, models

REFUSE = """
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditseal
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON core_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
"""
ALLOW = """
DROP TRIGGER never_emptied ON core_auditentry;
DROP TRIGGER append_only ON core_auditseal;
DROP TRIGGER never_emptied ON core_auditseal;
"""
# What is hashed, to be computed again by anybody: a JSON array of the values in this order, as PostgreSQL writes
# jsonb, the moment in UTC to the microsecond. Each link hashes the link before it (at first 32 zero bytes), its
# own number and the number of its entry (8 bytes each, the highest first), and the digest of the entry.
HASH = """
CREATE FUNCTION core_audit_digest(entry core_auditentry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), entry.actor_id,
        entry.actor_name, entry.door, entry.request_id, entry.verb, entry.record, entry.record_id,
        entry.label, entry.changes, entry.removed, entry.undoes)::text, 'UTF8'))
$$;
CREATE FUNCTION core_audit_link(before bytea, number bigint, entry_id bigint, digest bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(coalesce(before, decode(repeat('00', 32), 'hex'))
        || int8send(number) || int8send(entry_id) || digest)
$$;
CREATE FUNCTION core_seal_audit(bound bigint, most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    latest core_auditseal;
    entry record;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('core_auditseal'));
    SELECT * INTO latest FROM core_auditseal ORDER BY number DESC LIMIT 1;
    latest.number := coalesce(latest.number, 0);
    FOR entry IN
        SELECT e.id, core_audit_digest(e) AS digest FROM core_auditentry e
        WHERE e.id > coalesce(latest.entry_id, 0) AND e.id <= bound ORDER BY e.id LIMIT most
    LOOP
        latest.number := latest.number + 1;
        latest.link := core_audit_link(latest.link, latest.number, entry.id, entry.digest);
        INSERT INTO core_auditseal (number, entry_id, digest, link)
        VALUES (latest.number, entry.id, entry.digest, latest.link);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
SELECT core_seal_audit((SELECT coalesce(max(id), 0) FROM core_auditentry), 2147483647);
"""
FORGET = """
DROP FUNCTION core_seal_audit(bigint, integer);
DROP FUNCTION core_audit_link(bytea, bigint, bigint, bytea);
DROP FUNCTION core_audit_digest(core_auditentry);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_trash")]
    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.BinaryField()),
                ("link", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(HASH, FORGET),
    ]
