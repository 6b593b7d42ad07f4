"""The commands of docs/api.md, as a shell runs them against a running demo."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.journeys.stack import ROOT, Stack

pytestmark = pytest.mark.journey
LIMIT_S = 60


def test_the_page_on_the_api_repairs_as_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    customer, staff = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    with Stack(tmp_path) as stack:
        here = (customer + "printf '\\n%s\\n' staff\n" + staff).replace("http://127.0.0.1:8000", stack.url)
        ran = subprocess.run(
            ["sh", "-eu", "-c", here], capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
    assert ran.returncode == 0, ran.stderr
    repair, work = ran.stdout.split("\nstaff\n")
    assert json.loads(repair.splitlines()[-1]) == {"accepted": True, "duplicate": False}
    assert '"error"' not in work
    assert '"after":"11"' in work
