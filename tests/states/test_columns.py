"""Columns are called in the reader's language, those too that Django would name by itself."""

import pytest
from django.contrib import admin
from django.utils.functional import Promise


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_each_reference_shown_in_the_admin_has_a_name_that_is_translated(model: type) -> None:
    untranslated = [
        column.name
        for column in model._meta.concrete_fields
        if column.is_relation and not isinstance(column.verbose_name, Promise)
    ]

    assert untranslated == []


def test_a_reference_is_called_like_the_rows_of_its_register() -> None:
    from states.models import Deadline, TreatyAction  # noqa: PLC0415 -- once the apps are ready

    assert str(TreatyAction._meta.get_field("state").verbose_name) == "State"
    assert str(Deadline._meta.get_field("obligation").verbose_name) == "obligation"
