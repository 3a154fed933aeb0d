from django.db import migrations

# A trigger that was replaced left its function behind, which nothing calls any more.
DROP = r"""
DO $$
DECLARE
    gone regprocedure;
BEGIN
    FOR gone IN
        SELECT p.oid::regprocedure FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
          AND p.proname LIKE 'pgtrigger\_%'
          AND p.prorettype = 'trigger'::regtype
          AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid)
    LOOP
        EXECUTE 'DROP FUNCTION ' || gone;
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0001_squashed_0007_total_orders'),
        ('reporting', '0001_squashed_0005_total_orders'),
        ('states', '0001_squashed_0006_sure_treaty_actions'),
    ]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
    ]
