"""What a browser would send of a form that stands on a page, as it stands."""

from html.parser import HTMLParser
from typing import Any


class Form(HTMLParser):
    """The boxes of the first form that posts files: as a browser fills and sends them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.data: dict[str, list[str]] = {}
        self._inside, self._name, self._text = False, "", ""
        self._seen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a form, or takes up a box of it."""
        said: dict[str, Any] = dict(attrs)
        if tag == "form" and said.get("enctype") == "multipart/form-data" and not self._seen:
            self._inside = self._seen = True
        if not self._inside or "disabled" in said:
            return
        name, value = said.get("name") or "", said.get("value") or ""
        kind = said.get("type", "text")
        if tag == "input" and name and kind not in {"file", "submit", "button", "image"}:
            if kind in {"checkbox", "radio"} and "checked" not in said:
                return
            self._send(name, said.get("value", "on") if kind == "checkbox" else value)
        elif tag in {"textarea", "select"}:
            self._name, self._text = name, ""
        elif tag == "option" and self._name and "selected" in said:
            self._send(self._name, value)

    def handle_data(self, data: str) -> None:
        """What stands in a text of several lines."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """A text of several lines is sent with a browser's line ends, without the first."""
        if tag == "textarea" and self._inside:
            self._send(self._name, self._text.removeprefix("\n").replace("\n", "\r\n"))
        if tag in {"textarea", "select"}:
            self._name = ""
        if tag == "form":
            self._inside = False

    def _send(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def sent_as_it_stands(page: str) -> dict[str, list[str]]:
    """What the page's form sends when somebody presses a button and nothing else."""
    form = Form()
    form.feed(page)
    form.data.pop("csrfmiddlewaretoken", None)
    return form.data
