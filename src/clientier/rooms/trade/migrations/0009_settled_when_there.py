"""Nothing is settled before it is there: what is open at any day can be walked back from now."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION trade_refuse_early() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM trade_invoice WHERE id IN (NEW.invoice_id, NEW.credit_note_id) AND day > NEW.day) THEN
        RAISE EXCEPTION 'settled before there was anything to settle' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_before BEFORE INSERT ON trade_settlement FOR EACH ROW EXECUTE FUNCTION trade_refuse_early();
"""
ALLOW = """
DROP TRIGGER not_before ON trade_settlement;
DROP FUNCTION trade_refuse_early();
"""


class Migration(migrations.Migration):
    dependencies = [("trade", "0008_texts_of_reminders")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
