"""Letters to States about their reports that are still held: what they ask, nobody has read yet."""

from __future__ import annotations

from records.models import Letter

QUESTION, FIGURES = "question", "figures"


def unreleased(of: str, rows: list[int] | None = None) -> dict[int, int]:
    """By question, or by transcription, the number of the last letter on it that is held.

    `rows` are the only ones that are asked about; None: all. One query.
    """
    held = Letter.objects.filter(status=Letter.Status.HELD, key__startswith=f"{of}/")
    found = {int(key.split("/")[1]): pk for pk, key in held.order_by("pk").values_list("pk", "key")}
    return found if rows is None else {row: found[row] for row in rows if row in found}
