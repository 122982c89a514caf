"""Everything is opened together, and one domain that no longer fits doesn't take the others down."""

from __future__ import annotations

import sys
from pathlib import Path

from pilotwatch.settings import Settings
from pilotwatch.workspace import Workspace

DOMAIN = '''
from pilotwatch.domain import Domain, Record, Spec, column

class Lift(Record):
    """电梯: one lift."""
    spec = Spec("lift", zh="电梯", en="Lifts", subject="lift_no", kind="subject")
    lift_no: str = column("编号", "Number", key=True)
    load: {type} | None = column("载重", "Load")

DOMAIN = Domain("lifts", zh="电梯", en="Lifts", code="LFT", lead="SCJG", records=(Lift,))
'''


def _house(folder: Path, kind: str) -> Workspace:
    domain = folder / "domains" / "lifts"
    domain.mkdir(parents=True, exist_ok=True)
    (domain / "__init__.py").write_text(DOMAIN.replace("{type}", kind))
    other = folder / "domains" / "doors"
    other.mkdir(exist_ok=True)
    text = DOMAIN.replace("{type}", "str").replace("Lift", "Door").replace("lift", "door").replace("LFT", "DOR")
    (other / "__init__.py").write_text(text)
    for name in [n for n in sys.modules if n.endswith(("_lifts", "_doors"))]:
        del sys.modules[name]  # as a restart would
    return Workspace.open(Settings(var=folder / "var", domains=folder / "domains", database_url=None))


def test_a_domain_whose_field_changed_its_type_is_switched_off_with_the_reason(tmp_path):
    assert [d.name for d in _house(tmp_path, "int").registry.domains] == ["doors", "lifts"]
    changed = _house(tmp_path, "float").registry
    assert [d.name for d in changed.domains] == ["doors"]
    (broken,) = changed.broken
    assert broken.name == "lifts"
    assert "load" in broken.reason.zh and "改变了存储类型" in broken.reason.zh
    again = _house(tmp_path, "int").registry
    assert [d.name for d in again.domains] == ["doors", "lifts"], again.broken
