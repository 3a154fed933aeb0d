from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('states', '0002_generations_by_state'),
    ]

    operations = [
        # Trusted by PostgreSQL: the owner of a database may add it.
        TrigramExtension(),
    ]
