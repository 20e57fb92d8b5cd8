"""What must hold whichever way rows are written: every cost is in the history, and nothing is within itself."""

from django.db import migrations

NO_RINGS = """
CREATE FUNCTION catalog_refuse_ring() RETURNS trigger LANGUAGE plpgsql AS $$
-- Walks up from the row's upper end; TG_ARGV: the columns of the lower and of the upper end.
DECLARE
    lower_end bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    upper_end bigint := (to_jsonb(NEW) ->> TG_ARGV[1])::bigint;
    closed boolean;
BEGIN
    IF upper_end IS NULL THEN RETURN NEW; END IF;
    -- One at a time: two halves of a ring could otherwise be written side by side, each seeing nothing of the other.
    PERFORM pg_advisory_xact_lock(hashtext('catalog_refuse_ring'), TG_RELID::int);
    EXECUTE format(
        'WITH RECURSIVE above (id) AS (SELECT $1 UNION SELECT t.%2$I FROM %1$I t JOIN above a ON t.%3$I = a.id '
        'WHERE t.%2$I IS NOT NULL) SELECT EXISTS (SELECT FROM above WHERE id = $2)',
        TG_TABLE_NAME, TG_ARGV[1], TG_ARGV[0]
    ) INTO closed USING upper_end, lower_end;
    IF closed THEN
        RAISE EXCEPTION 'it would be within itself' USING ERRCODE = 'check_violation',
            CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER component_makes_no_ring AFTER INSERT OR UPDATE OF assembly_id, part_id ON catalog_component
    FOR EACH ROW EXECUTE FUNCTION catalog_refuse_ring('part_id', 'assembly_id');
CREATE TRIGGER category_makes_no_ring AFTER INSERT OR UPDATE OF parent_id ON catalog_category
    FOR EACH ROW EXECUTE FUNCTION catalog_refuse_ring('id', 'parent_id');
CREATE TRIGGER successor_makes_no_ring AFTER INSERT OR UPDATE OF successor_id ON catalog_product
    FOR EACH ROW WHEN (NEW.successor_id IS NOT NULL) EXECUTE FUNCTION catalog_refuse_ring('id', 'successor_id');
"""
RINGS = """
DROP TRIGGER component_makes_no_ring ON catalog_component;
DROP TRIGGER category_makes_no_ring ON catalog_category;
DROP TRIGGER successor_makes_no_ring ON catalog_product;
DROP FUNCTION catalog_refuse_ring();
"""
HISTORY = """
CREATE FUNCTION catalog_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE coalesce((SELECT time_zone FROM people_organisation WHERE id = 1), 'UTC'))::date
$$;
CREATE FUNCTION catalog_keep_cost() RETURNS trigger LANGUAGE plpgsql AS $$
-- At the end of the transaction: a cost that is not what the history says of today is noted there from today on.
DECLARE
    today date := catalog_today();
    now_costs numeric := (SELECT cost FROM catalog_product WHERE id = NEW.id);
    known numeric := (SELECT cost FROM catalog_costchange WHERE product_id = NEW.id AND from_day <= today
                      ORDER BY from_day DESC LIMIT 1);
BEGIN
    IF now_costs IS NOT NULL AND now_costs IS DISTINCT FROM known THEN
        INSERT INTO catalog_costchange (product_id, from_day, cost) VALUES (NEW.id, today, now_costs)
            ON CONFLICT (product_id, from_day) DO UPDATE SET cost = EXCLUDED.cost;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cost_is_kept AFTER INSERT OR UPDATE OF cost ON catalog_product
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cost IS NOT NULL) EXECUTE FUNCTION catalog_keep_cost();
INSERT INTO catalog_costchange (product_id, from_day, cost)
    SELECT id, catalog_today(), cost FROM catalog_product WHERE cost IS NOT NULL;
"""
NO_HISTORY = """
DROP TRIGGER cost_is_kept ON catalog_product;
DROP FUNCTION catalog_keep_cost();
DROP FUNCTION catalog_today();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0004_categories_of_texts"),
        ("people", "0006_tax_rate_of_the_company"),
    ]

    operations = [
        migrations.RemoveField(model_name="product", name="category_text"),
        migrations.RunSQL(NO_RINGS, RINGS),
        migrations.RunSQL(HISTORY, NO_HISTORY),
    ]
