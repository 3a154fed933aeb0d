import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import states.migrating
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reporting', '0001_initial'), ('reporting', '0002_initial'), ('reporting', '0003_what_is_final_stays'), ('reporting', '0004_generations_by_state'), ('reporting', '0005_total_orders')]

    initial = True

    dependencies = [
        ('records', '0001_initial'),
        ('states', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('initial', 'initial report'), ('annual', 'annual report'), ('voluntary', 'voluntary report')], verbose_name='kind')),
                ('year', models.PositiveSmallIntegerField(help_text='The calendar year that the report covers, the last if several.', verbose_name='year')),
                ('covers_from', models.DateField(verbose_name='covers from')),
                ('covers_to', models.DateField(verbose_name='covers to')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('language', models.CharField(choices=[('ar', 'Arabic'), ('zh', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('ru', 'Russian'), ('es', 'Spanish')], default='en', max_length=2, verbose_name='language')),
                ('marks', models.JSONField(blank=True, default=dict, verbose_name='cover page')),
                ('channel', models.TextField(choices=[('portal', 'portal'), ('e-mail', 'e-mail'), ('post', 'post')], default='portal', verbose_name='channel')),
                ('note', models.TextField(blank=True, verbose_name='note to the ISU')),
                ('status', models.TextField(choices=[('draft', 'draft'), ('handed-in', 'handed in'), ('published', 'published')], default='draft', verbose_name='status')),
                ('reference', models.TextField(blank=True, verbose_name='reference')),
                ('drafted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='begun at')),
                ('touched_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last touched')),
                ('handed_in_at', models.DateTimeField(blank=True, null=True, verbose_name='handed in at')),
                ('received_by_isu', models.DateField(blank=True, null=True, verbose_name='received by the ISU')),
                ('sent_to_unoda', models.DateField(blank=True, null=True, verbose_name='sent to UNODA')),
                ('sent_by_state_said', models.BooleanField(default=False, verbose_name='the State says that it has sent the report to UNODA')),
                ('received_by_unoda', models.DateField(blank=True, null=True, verbose_name='received by UNODA')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='published on')),
                ('demo', models.BooleanField(default=False, editable=False)),
                ('amends', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amended_by', to='reporting.report')),
                ('drafted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handed_in_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='records.upload')),
                ('receipt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='records.document')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='states.state')),
                ('touched_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'transparency report',
                'verbose_name_plural': 'transparency reports',
                'ordering': ['-year', 'state', 'kind', '-number'],
                'constraints': [models.UniqueConstraint(fields=('state', 'kind', 'year', 'number'), name='report_version_once'), models.UniqueConstraint(condition=models.Q(('channel', 'portal'), ('status', 'draft')), fields=('state', 'kind', 'year'), name='report_one_draft', violation_error_message='There is a draft for this State and year already.'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='report_reference_once'), models.CheckConstraint(condition=models.Q(('covers_from__lte', models.F('covers_to'))), name='report_period_in_order', violation_error_message='The period ends before it begins.'), models.CheckConstraint(condition=models.Q(models.Q(('handed_in_at__isnull', True), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('handed_in_at__isnull', False), ('handed_in_by__isnull', False), ('original__isnull', False), ('received_by_isu__isnull', False), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='report_handed_in_is_complete'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_on__isnull', False), _connector='OR'), name='report_published_on_a_day')],
                'triggers': [pgtrigger.compiler.Trigger(name='handed_in_content_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status <> 'draft' AND (OLD.state_id IS DISTINCT FROM NEW.state_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.year IS DISTINCT FROM NEW.year OR OLD.covers_from IS DISTINCT FROM NEW.covers_from OR OLD.covers_to IS DISTINCT FROM NEW.covers_to OR OLD.number IS DISTINCT FROM NEW.number OR OLD.amends_id IS DISTINCT FROM NEW.amends_id OR OLD.language IS DISTINCT FROM NEW.language OR OLD.marks IS DISTINCT FROM NEW.marks OR OLD.original_id IS DISTINCT FROM NEW.original_id OR OLD.channel IS DISTINCT FROM NEW.channel OR OLD.note IS DISTINCT FROM NEW.note OR OLD.reference IS DISTINCT FROM NEW.reference OR OLD.handed_in_at IS DISTINCT FROM NEW.handed_in_at OR OLD.handed_in_by_id IS DISTINCT FROM NEW.handed_in_by_id OR NEW.status IN ('draft') OR (OLD.status IN ('published') AND NEW.status <> 'published')))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e3246cf3f0e6881662688b8eaca7862bf307a409', operation='UPDATE', pgid='pgtrigger_handed_in_content_is_final_63691', table='reporting_report', when='BEFORE')), pgtrigger.compiler.Trigger(name='publication_and_receipt_are_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.status IN ('published') AND OLD.published_on IS DISTINCT FROM NEW.published_on) OR (OLD.receipt_id IS NOT NULL AND OLD.receipt_id IS DISTINCT FROM NEW.receipt_id))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='28a8bfda978b7ad3956c9ebc12476eacc14fc2bb', operation='UPDATE', pgid='pgtrigger_publication_and_receipt_are_final_b6548', table='reporting_report', when='BEFORE')), pgtrigger.compiler.Trigger(name='handed_in_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."status" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a10060957988c01d14ede46279b8fbfcc082cbaa', operation='DELETE', pgid='pgtrigger_handed_in_stays_78ace', table='reporting_report', when='BEFORE')), pgtrigger.compiler.Trigger(name='moves_generation_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO states_generationmove (scope) SELECT DISTINCT coalesce(r.state_id, '') FROM (SELECT * FROM new_rows) r WHERE r.status IN ('published'); RETURN NULL;", hash='c03772add25a92d11bf4dcf0891cff8c518976bf', level='STATEMENT', operation='INSERT', pgid='pgtrigger_moves_generation_insert_c7b29', referencing='REFERENCING NEW TABLE AS new_rows ', table='reporting_report', when='AFTER')), pgtrigger.compiler.Trigger(name='moves_generation_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO states_generationmove (scope) SELECT DISTINCT coalesce(r.state_id, '') FROM (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) r WHERE r.status IN ('published'); RETURN NULL;", hash='6c1eb1f9300e838c471d2c7ccbd360e751a868f1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_moves_generation_update_99e24', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='reporting_report', when='AFTER')), pgtrigger.compiler.Trigger(name='moves_generation_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO states_generationmove (scope) SELECT DISTINCT coalesce(r.state_id, '') FROM (SELECT * FROM old_rows) r WHERE r.status IN ('published'); RETURN NULL;", hash='2c40c179695420d9a557b98f06f32de2580aafbc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_moves_generation_delete_d1f41', referencing='REFERENCING OLD TABLE AS old_rows ', table='reporting_report', when='AFTER')), pgtrigger.compiler.Trigger(name='moves_generation_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO states_generationmove DEFAULT VALUES; RETURN NULL;', hash='308cc3dbeff42e196663d66e60c8265ffe9530de', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_moves_generation_truncate_7b158', table='reporting_report', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.TextField(choices=[('state', 'State'), ('secretariat', 'ISU')], verbose_name='side')),
                ('text', models.TextField(verbose_name='text')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='reporting.report')),
            ],
            options={
                'verbose_name': 'remark',
                'verbose_name_plural': 'remarks',
                'ordering': ['made_at', 'pk'],
                'triggers': [pgtrigger.compiler.Trigger(name='text_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."side" IS DISTINCT FROM (NEW."side") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='792852b66a523559c7980b6b649be55a9d17cdb7', operation='UPDATE', pgid='pgtrigger_text_is_final_1a807', table='reporting_remark', when='BEFORE')), pgtrigger.compiler.Trigger(name='remarks_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c6dc6306b37a6946c9e97b92cfdd4a0d0a3e842c', operation='DELETE', pgid='pgtrigger_remarks_stay_a191e', table='reporting_remark', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='DraftInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='from')),
                ('until_on', models.DateField(verbose_name='until')),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='reporting.report')),
            ],
            options={
                'verbose_name': 'invitation to a draft',
                'verbose_name_plural': 'invitations to drafts',
                'ordering': ['-invited_at', '-pk'],
            },
        ),
        states.migrating.InstallTriggers(
        ),
    ]
