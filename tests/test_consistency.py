"""The repository's own manners: what no single module can promise for all the others."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ccm_portal.management.commands.draw_workflows import drawn

ROOT = Path(__file__).parent.parent
APPS = ("ccm_portal", "states", "records", "reporting", "meetings", "workplans", "extensions")
CODE = [
    path
    for app in (*APPS, "finances", "tools", "bench")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
STYLES = sorted((ROOT / "static").glob("*.css"))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_each_module_opens_by_saying_what_it_alone_is_responsible_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))

    if tree.body:
        assert ast.get_docstring(tree), f"{relative(path)} has no opening sentence"


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_no_module_has_outgrown_one_room(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


# The doors through which a status may change (records.workflow and the deeds of letters and texts).
DOORS = {
    "records/workflow.py",
    "records/documents.py",
    "records/models/letters.py",
    "records/models/documents.py",
}


def test_a_status_changes_only_through_its_door():
    assigned = re.compile(r"\.status\s*=[^=]|\bupdate\([^)]*\bstatus\s*=")
    offenders = [
        f"{relative(path)}:{number}"
        for path in CODE
        if relative(path) not in DOORS and "records/letters" not in relative(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if assigned.search(line) and "response.status" not in line
    ]

    assert offenders == []


def test_every_variable_that_the_settings_read_is_explained():
    settings = (ROOT / "ccm_portal" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z0-9_]+)"', settings))
    explained = set(
        re.findall(r"^#?\s?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )

    assert read - explained == set()


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]

    unexplained = [
        name
        for name in wanted
        if not re.search(rf'^\s*"{re.escape(name)}",\s*# \S', text, re.MULTILINE)
    ]

    assert unexplained == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_files_pin_every_package_by_hash_and_name_no_host(name):
    lock = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9][\w.\[\]-]*==", lock, re.MULTILINE)

    assert "://" not in lock
    assert len(packages) > 20
    for block in re.split(r"\n(?=[a-z0-9])", lock):
        if "==" in block.split("\n")[0]:
            assert "--hash=sha256:" in block


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_styles_use_logical_properties_only(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    physical = re.compile(
        r"(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:"
        r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
    )

    assert physical.findall(text) == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.suffix == ".html"], ids=relative
)
def test_no_template_carries_inline_script_style_or_handler(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)
    if "records/" not in relative(path):
        assert "<style" not in text


def test_every_template_is_used():
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*CODE, *(p for p in TEMPLATES if p.suffix in {".html", ".txt"})]
    )
    # Templates that Django, allauth and the admin find by their name.
    found_by_name = ("404.html", "403.html", "429.html", "500.html")
    overridden = ("account/", "mfa/", "socialaccount/", "allauth/", "admin/", "django/", "widgets/")
    unused = [
        name
        for path in TEMPLATES
        if (name := str(path.relative_to(ROOT / "templates"))) not in found_by_name
        and not name.startswith(overridden)
        # Letters are named by their stage, papers by their family, mails by their prefix.
        and not name.startswith(("records/letters/", "records/paper/"))
        and re.sub(r"_(subject|message)\.\w+$", "", name) not in sources
        and path.name not in sources
    ]

    assert unused == []


@pytest.mark.parametrize("language", ["fr", "es"])
def test_every_sentence_of_a_catalogue_is_translated_with_its_placeholders(language):
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    named = re.compile(r"%\(\w+\)[sd]")

    faults = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if not ids[0]:
            continue
        if message.fuzzy or not all(texts):
            faults.append(f"not translated: {ids[0]}")
        wanted = set(named.findall(ids[-1]))
        faults += [
            f"placeholders differ: {ids[0]}" for text in texts if set(named.findall(text)) - wanted
        ]

    assert faults == []


def test_the_drawn_workflows_are_those_of_the_code():
    assert (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8") == drawn()


def test_every_command_is_in_a_guide():
    prose = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]
    )
    commands = {
        path.stem for path in CODE if "commands" in path.parts and not path.stem.startswith("_")
    }

    assert {name for name in commands if name not in prose} == set()


def test_nothing_that_is_tracked_is_made_by_a_machine():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert [name for name in tracked if name.endswith((".mo", ".pyc", "uv.lock", ".sqlite3"))] == []
