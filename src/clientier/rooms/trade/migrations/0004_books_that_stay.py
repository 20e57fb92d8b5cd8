"""What is posted stays as it is, adds up to nothing, and is sealed into a chain of hashes."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trade_journalentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON trade_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trade_posting
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON trade_posting
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trade_ledgerseal
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON trade_ledgerseal
    FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();

CREATE TRIGGER posted_stays BEFORE UPDATE ON trade_invoice FOR EACH ROW
    WHEN (OLD.state = 'posted' AND
        (OLD.number, OLD.kind, OLD.state, OLD.day, OLD.currency, OLD.rate_to_base, OLD.net, OLD.tax, OLD.total)
        IS DISTINCT FROM
        (NEW.number, NEW.kind, NEW.state, NEW.day, NEW.currency, NEW.rate_to_base, NEW.net, NEW.tax, NEW.total))
    EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_is_kept BEFORE DELETE ON trade_invoice FOR EACH ROW
    WHEN (OLD.state = 'posted') EXECUTE FUNCTION core_refuse_change();
CREATE FUNCTION trade_refuse_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM trade_invoice WHERE state = 'posted'
               AND id = CASE WHEN TG_OP = 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END) THEN
        RAISE EXCEPTION 'the invoice is posted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posted_stays BEFORE INSERT OR DELETE ON trade_invoiceline FOR EACH ROW
    EXECUTE FUNCTION trade_refuse_line();
CREATE TRIGGER posted_line_stays BEFORE UPDATE ON trade_invoiceline FOR EACH ROW
    WHEN ((OLD.invoice_id, OLD.quantity, OLD.amount, OLD.tax_rate, OLD.amount_base, OLD.cost_base) IS DISTINCT FROM
        (NEW.invoice_id, NEW.quantity, NEW.amount, NEW.tax_rate, NEW.amount_base, NEW.cost_base))
    EXECUTE FUNCTION trade_refuse_line();
CREATE TRIGGER posted_stays BEFORE UPDATE ON trade_payment FOR EACH ROW
    WHEN ((OLD.number, OLD.day, OLD.currency, OLD.rate_to_base, OLD.amount)
        IS DISTINCT FROM (NEW.number, NEW.day, NEW.currency, NEW.rate_to_base, NEW.amount))
    EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_is_kept BEFORE DELETE ON trade_payment FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_stays BEFORE UPDATE ON trade_settlement FOR EACH ROW
    WHEN ((OLD.invoice_id, OLD.payment_id, OLD.credit_note_id, OLD.day, OLD.amount, OLD.source_amount)
        IS DISTINCT FROM
        (NEW.invoice_id, NEW.payment_id, NEW.credit_note_id, NEW.day, NEW.amount, NEW.source_amount))
    EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_is_kept BEFORE DELETE ON trade_settlement FOR EACH ROW
    EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_stays BEFORE UPDATE ON trade_delivery FOR EACH ROW
    WHEN ((OLD.number, OLD.order_id, OLD.takes_back_id, OLD.day)
        IS DISTINCT FROM (NEW.number, NEW.order_id, NEW.takes_back_id, NEW.day))
    EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_is_kept BEFORE DELETE ON trade_delivery FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER posted_stays BEFORE UPDATE OR DELETE ON trade_deliveryline FOR EACH ROW
    EXECUTE FUNCTION core_refuse_change();

CREATE FUNCTION trade_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount_base) FROM trade_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'ledger entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON trade_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION trade_refuse_unbalanced();
"""
ALLOW = """
DROP TRIGGER balanced ON trade_posting;
DROP FUNCTION trade_refuse_unbalanced();
DROP TRIGGER posted_stays ON trade_deliveryline;
DROP TRIGGER posted_is_kept ON trade_delivery;
DROP TRIGGER posted_stays ON trade_delivery;
DROP TRIGGER posted_is_kept ON trade_settlement;
DROP TRIGGER posted_stays ON trade_settlement;
DROP TRIGGER posted_is_kept ON trade_payment;
DROP TRIGGER posted_stays ON trade_payment;
DROP TRIGGER posted_line_stays ON trade_invoiceline;
DROP TRIGGER posted_stays ON trade_invoiceline;
DROP FUNCTION trade_refuse_line();
DROP TRIGGER posted_is_kept ON trade_invoice;
DROP TRIGGER posted_stays ON trade_invoice;
DROP TRIGGER never_emptied ON trade_ledgerseal;
DROP TRIGGER append_only ON trade_ledgerseal;
DROP TRIGGER never_emptied ON trade_posting;
DROP TRIGGER append_only ON trade_posting;
DROP TRIGGER never_emptied ON trade_journalentry;
DROP TRIGGER append_only ON trade_journalentry;
"""
# What is hashed, to be computed again by anybody: a JSON array of the entry's values and, last, an array of its
# postings in the order of their numbers. Links follow from one another as those of the audit (core/0005).
HASH = """
CREATE FUNCTION trade_ledger_digest(entry trade_journalentry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, entry.day, to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        entry.kind, entry.document, entry.document_id, entry.number, entry.account_id,
        (SELECT jsonb_agg(jsonb_build_array(p.id, p.account, p.product_id, p.currency, p.amount, p.amount_base)
                          ORDER BY p.id) FROM trade_posting p WHERE p.entry_id = entry.id))::text, 'UTF8'))
$$;
CREATE FUNCTION trade_seal_ledger(bound bigint, most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    latest trade_ledgerseal;
    entry record;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('trade_ledgerseal'));
    SELECT * INTO latest FROM trade_ledgerseal ORDER BY number DESC LIMIT 1;
    latest.number := coalesce(latest.number, 0);
    FOR entry IN
        SELECT e.id, trade_ledger_digest(e) AS digest FROM trade_journalentry e
        WHERE e.id > coalesce(latest.entry_id, 0) AND e.id <= bound ORDER BY e.id LIMIT most
    LOOP
        latest.number := latest.number + 1;
        latest.link := core_audit_link(latest.link, latest.number, entry.id, entry.digest);
        INSERT INTO trade_ledgerseal (number, entry_id, digest, link)
        VALUES (latest.number, entry.id, entry.digest, latest.link);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
"""
FORGET = """
DROP FUNCTION trade_seal_ledger(bigint, integer);
DROP FUNCTION trade_ledger_digest(trade_journalentry);
"""


NEW = ("delivery", "deliveryline", "invoice", "invoiceline", "payment", "settlement", "posting")


def grant(apps, editor):
    """Roles that are there already get rights to what is new, by those that they have to orders."""
    model = apps.get_model("people", "Grant")
    model.objects.bulk_create(
        [
            model(role_id=each.role_id, record=f"trade.{name}", action=each.action, reach=each.reach)
            for each in model.objects.filter(record="trade.order")
            for name in NEW
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("trade", "0003_documents"), ("core", "0005_seals"), ("people", "0004_signing_in")]
    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(HASH, FORGET),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
