import re

import pytest

from tests.house.programs import PRODUCTION, ROOT, run_python


@pytest.fixture
def variables() -> set[str]:
    source = (ROOT / "mentors_site" / "env.py").read_text()
    return set(re.findall(r'(?:env\.\w+|_required|os\.environ\.get)\(\s*"([A-Z_]+)"', source))


@pytest.mark.processes
@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, " "])
def test_server_does_not_start_without(name, value):
    environment = {key: text for key, text in PRODUCTION.items() if key != name}
    if value is not None:
        environment[name] = value

    result = run_python("-c", "import mentors_site.wsgi", environment=environment)

    assert result.returncode == 1
    assert f"ImproperlyConfigured: {name} is not set." in result.stderr.splitlines()[-1]


@pytest.mark.processes
def test_server_starts_with_the_three_variables():
    result = run_python("-c", "import mentors_site.wsgi", environment=PRODUCTION)

    assert (result.stderr, result.returncode) == ("", 0)


@pytest.mark.processes
def test_command_names_the_missing_variable_in_one_line():
    result = run_python("manage.py", "check", environment=PRODUCTION | {"SECRET_KEY": ""})

    assert result.returncode == 1
    assert result.stderr == (
        "Configuration error: SECRET_KEY is not set. It signs sessions and links: 50 random characters. "
        "(DEMO=1 runs the demo without it.)\n"
    )


def test_every_variable_stands_in_the_example_file(variables):
    example = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)) == variables - {"ENV_FILE"}


def test_every_variable_stands_in_the_operations_guide(variables):
    guide = (ROOT / "docs" / "operations.md").read_text()

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", guide, re.MULTILINE)) == variables


def test_only_env_reads_the_environment():
    readers = {
        str(path.relative_to(ROOT))
        for app in ("accounts", "courses", "mentors_site")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv", path.read_text())
    }

    # run_site hands its own environment on to the programs that it starts.
    assert readers == {"mentors_site/env.py", "mentors_site/management/commands/run_site.py"}
