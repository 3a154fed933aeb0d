"""Languages in which a report may be read, each by its own name; codes of ISO 639-1."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Language(NamedTuple):
    """A language: its name in the reader's language, its own name, and the way it is written."""

    name: Any
    own: str
    direction: str = "ltr"


RTL = "rtl"
# The six of the United Nations first, then the alphabet of the English names.
LANGUAGES: dict[str, Language] = {
    "ar": Language(_("Arabic"), "العربية", RTL),
    "zh": Language(_("Chinese"), "中文"),
    "en": Language(_("English"), "English"),
    "fr": Language(_("French"), "français"),
    "ru": Language(_("Russian"), "русский"),
    "es": Language(_("Spanish"), "español"),
    "sq": Language(_("Albanian"), "shqip"),
    "bs": Language(_("Bosnian"), "bosanski"),
    "bg": Language(_("Bulgarian"), "български"),
    "hr": Language(_("Croatian"), "hrvatski"),
    "cs": Language(_("Czech"), "čeština"),
    "da": Language(_("Danish"), "dansk"),
    "fa": Language(_("Dari or Persian"), "فارسی", RTL),
    "nl": Language(_("Dutch"), "Nederlands"),
    "de": Language(_("German"), "Deutsch"),
    "hu": Language(_("Hungarian"), "magyar"),
    "is": Language(_("Icelandic"), "íslenska"),
    "ga": Language(_("Irish"), "Gaeilge"),
    "it": Language(_("Italian"), "italiano"),
    "ja": Language(_("Japanese"), "日本語"),
    "lo": Language(_("Lao"), "ລາວ"),
    "mk": Language(_("Macedonian"), "македонски"),
    "no": Language(_("Norwegian"), "norsk"),
    "ps": Language(_("Pashto"), "پښتو", RTL),
    "pt": Language(_("Portuguese"), "português"),
    "ro": Language(_("Romanian"), "română"),
    "sr": Language(_("Serbian"), "српски"),
    "sk": Language(_("Slovak"), "slovenčina"),
    "sl": Language(_("Slovenian"), "slovenščina"),
    "so": Language(_("Somali"), "Soomaali"),
    "sw": Language(_("Swahili"), "Kiswahili"),
    "sv": Language(_("Swedish"), "svenska"),
}
