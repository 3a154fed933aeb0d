"""Whether the portal lives and can work: signs of life in Redis, /healthz and /readyz."""

import time
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from records.models import Letter

log = structlog.get_logger(__name__)

LIVING = ("worker", "beat")
SILENT_AFTER = 60  # seconds
LETTER_WAITS_LONG = 15 * 60  # seconds


def alive(who: str) -> None:
    """Writes down that a worker or beat lives now; without Redis it is only logged."""
    try:
        cache.set(f"alive:{who}", time.time(), timeout=None)
    except (RedisError, OSError) as error:
        log.warning("no sign of life written", who=who, error=str(error))


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this web process answers; it asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 where the database or Redis does not answer, or a worker or beat was silent for 60 s.

    JSON: `ready`, then each part with its state; seconds since the last sign of life; the age in
    seconds of the oldest letter that waits to be sent, which only warns.
    """
    answer: dict[str, Any] = {"ready": True, "problems": [], "warnings": []}
    problems, warnings = answer["problems"], answer["warnings"]
    try:
        answer["oldest_unheld_letter_seconds"] = age = _oldest_letter()
        answer["database"] = "ok"
        if age is not None and age > LETTER_WAITS_LONG:
            warnings.append("A letter has waited for more than 15 minutes.")
    except DatabaseError:
        log.exception("the database does not answer")
        answer["database"] = "does not answer"
        problems.append("The database does not answer.")
    try:
        signs = cache.get_many([f"alive:{who}" for who in LIVING])
        answer["redis"] = "ok"
    except (RedisError, OSError):
        log.exception("redis does not answer")
        answer["redis"] = "does not answer"
        problems.append("Redis does not answer.")
    else:
        for who in LIVING:
            at = signs.get(f"alive:{who}")
            silent = None if at is None else max(0, round(time.time() - at))
            answer[f"{who}_seconds"] = silent
            if silent is None:
                problems.append(f"No sign of life from the {who}.")
            elif silent > SILENT_AFTER:
                problems.append(f"No sign of life from the {who} for {silent} seconds.")
    answer["ready"] = not problems
    return JsonResponse(answer, status=503 if problems else 200)


def _oldest_letter() -> int | None:
    """How long the oldest letter that nobody holds has waited, in seconds; None without one."""
    now = timezone.now()
    oldest = Letter.objects.filter(
        Q(status=Letter.Status.QUEUED) | Q(status=Letter.Status.SENDING)
    ).aggregate(at=Min("queued_at"))["at"]
    return None if oldest is None else max(0, round((now - oldest).total_seconds()))
