import pytest

from tests.house.programs import PRODUCTION, run_python


@pytest.mark.processes
def test_deploy_check_is_silent():
    result = run_python("manage.py", "check", "--deploy", environment=PRODUCTION)

    assert (result.stdout, result.stderr, result.returncode) == (
        "System check identified no issues (0 silenced).\n",
        "",
        0,
    )
