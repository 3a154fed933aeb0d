from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchConfig, SearchVector, SearchVectorField
from django.db import migrations, models

LANGUAGES = {'en': 'english', 'fr': 'french', 'es': 'spanish', 'ar': 'arabic', 'ru': 'russian'}
CONFIG = models.Case(
    *(models.When(language=code, then=SearchConfig(name)) for code, name in LANGUAGES.items()),
    default=SearchConfig('simple'),
)
PLAIN = models.Func(
    models.Func(models.F('body'), models.Value(200000), function='left'),
    models.Value('<[^>]*>'),
    models.Value(' '),
    models.Value('g'),
    function='regexp_replace',
    output_field=models.TextField(),
)


def folded(text):
    flat = models.Func(
        models.Func(text, models.Value('’'), models.Value("'"), function='replace'),
        template='normalize(%(expressions)s, NFKD)',
    )
    bare = models.Func(
        flat,
        models.Value('[\\u0300-\\u036f]'),
        models.Value(''),
        models.Value('g'),
        function='regexp_replace',
    )
    return models.Func(bare, function='lower', output_field=models.TextField())


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_generations_by_state'),
        ('states', '0003_trigrams'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='search',
            field=models.GeneratedField(
                expression=SearchVector('title', config=CONFIG, weight='A')
                + SearchVector(folded(models.F('title')), config=CONFIG, weight='A')
                + SearchVector(PLAIN, config=CONFIG, weight='B')
                + SearchVector(folded(PLAIN), config=CONFIG, weight='B'),
                output_field=SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=GinIndex(fields=['search'], name='revision_words'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=GinIndex(
                OpClass(folded(PLAIN), name='gin_trgm_ops'),
                condition=models.Q(('language__in', ['en', 'fr', 'es', 'ru']), _negated=True),
                name='revision_letters',
            ),
        ),
    ]
