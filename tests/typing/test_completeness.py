"""Every public name has a type that does not depend on a checker's inference, as ``pyright --verifytypes`` sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.typing.test_types import ROOT


def test_public_names_have_types(tmp_path: Path) -> None:
    # The checker looks for installed packages only, so this one is linked next to what it imports.
    venv.create(tmp_path, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    ours, theirs = (Path(prefix, "lib", version, "site-packages") for prefix in (sys.prefix, tmp_path))
    for entry in ours.iterdir():
        if "sse_events" not in entry.name:
            (theirs / entry.name).symlink_to(entry)
    (theirs / "sse_events").symlink_to(ROOT / "sse_events")
    process = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--verifytypes", "sse_events", "--ignoreexternal", "--outputjson"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    completeness = json.loads(process.stdout)["typeCompleteness"]
    faults = [
        (symbol["name"], [diagnostic["message"] for diagnostic in symbol["diagnostics"]])
        for symbol in completeness["symbols"]
        if symbol["isExported"] and not symbol["isTypeKnown"]
    ]
    assert not faults
    assert completeness["exportedSymbolCounts"]["withKnownType"] > 1000
    assert completeness["completenessScore"] == 1
