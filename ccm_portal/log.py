"""How the portal logs: one JSON line for each event, with the request's id."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Links that work without an account, and allauth's keys: whoever reads logs must not be able to
# use them.
SECRETS = re.compile(r"(/pass/[a-z-]+/|/account/(?:password/reset/key|confirm-email)/)[^/\s?\"']+")


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Takes the secret part out of every address in the event."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = SECRETS.sub(r"\1…", value)
    return event


def configure(level: str, *, for_people: bool) -> dict[str, Any]:
    """Configures structlog and returns Django's LOGGING: both kinds of loggers write alike.

    `for_people`: coloured lines instead of JSON. Everything goes to the standard error output;
    whoever runs the portal decides where that ends up.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = (
        # A traceback drawn with every variable takes a second and shows what people typed.
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if for_people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "portal": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    hide_secrets,
                    *last,
                ],
            }
        },
        "handlers": {"portal": {"class": "logging.StreamHandler", "formatter": "portal"}},
        "root": {"handlers": ["portal"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Each page and task would say twice that it began.
            "celery.app.trace": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
