"""How domains are found, and that one that can't be used never takes another down."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from pilotwatch import registry

SIGHT = '''
    """景区: sights, for a test."""
    from pilotwatch.domain import Domain, Record, Spec, column

    class Sight(Record):
        """景区: one sight."""
        spec = Spec("{dataset}", zh="景区", en="Sights", subject="{field}", kind="subject", name="name")
        {field}: str = column("景区编号", "Number", key=True, aliases=("编号",))
        name: str = column("名称", "Name")

    DOMAIN = Domain("{name}", zh="景区", en="Sights", code="{code}", lead="WLJ", records=(Sight,))
'''


def write(folder: Path, name: str, text: str = SIGHT, **fields: str) -> None:
    (folder / name).mkdir(parents=True)
    fields = {"name": name, "dataset": f"{name}_sight", "field": "sight_no", "code": name[:3].upper(), **fields}
    for key, value in fields.items():
        text = text.replace("{" + key + "}", value)
    (folder / name / "__init__.py").write_text(dedent(text).lstrip())


def reasons(found: registry.Registry) -> dict[str, str]:
    return {b.name: b.reason.en for b in found.broken}


def test_the_three_pilots_come_in_as_folders_and_none_is_broken():
    found = registry.load()

    assert [d.name for d in found.domains] == ["prepaid_cards", "refined_oil", "self_built_housing"]
    assert [d.code for d in found.domains] == ["PPC", "OIL", "SBH"]
    assert found.broken == ()


def test_every_dataset_is_found_by_its_name_and_belongs_to_one_domain():
    found = registry.load()

    names = [r.spec.dataset for r in found.records]
    assert len(names) == len(set(names))
    assert all(found.dataset(name).spec.dataset == name for name in names)
    assert found.domain_of("sbh_house").name == "self_built_housing"
    assert found.domain_of("inspection") is None
    with pytest.raises(KeyError):
        found.dataset("no_such_thing")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError"),
        ("DOMAIN = 1/0", "ZeroDivisionError"),
        ("def broken(:", "SyntaxError"),
        ("title = 'no domain'", "no Domain under the name DOMAIN"),
        (SIGHT.replace('Domain("{name}"', 'Domain("other"'), "it must be called as its folder"),
        (SIGHT.replace("key=True, ", ""), "mark the fields that identify a row with key=True"),
        (SIGHT.replace('subject="{field}"', 'subject="site_no"'), "names the field site_no, which there isn't"),
        (SIGHT.replace("name: str =", "name: dict ="), "is not a type a column can have"),
        (SIGHT.replace("name: str = column", "source_row: str = column"), "the core's own"),
        (SIGHT.replace('"Name")', '"Name", refers_to="nothing")'), "refers to the dataset nothing"),
        (SIGHT.replace("records=(Sight,)", "records=(1,)"), "AttributeError"),
        (SIGHT.replace("{dataset}", "oil_station"), "refined declares a dataset oil_station already"),
        (SIGHT.replace("{dataset}", "inspection"), "pilotwatch.records declares a dataset inspection already"),
        (SIGHT.replace("{code}", "REF"), "refined has the code REF"),
        (SIGHT.replace("{field}", "station_no"), "oil_station identifies its subjects by a field station_no already"),
    ],
)
def test_a_broken_domain_is_reported_by_name_and_the_others_load(tmp_path, text, said):
    write(tmp_path, "refined", dataset="oil_station", field="station_no")
    write(tmp_path, "sights", text)
    write(tmp_path, "venues", field="venue_no")

    found = registry.load(tmp_path)

    assert [d.name for d in found.domains] == ["refined", "venues"]
    assert list(reasons(found)) == ["sights"]
    assert said in reasons(found)["sights"]
    assert found.broken[0].reason.zh != found.broken[0].reason.en


def test_a_mended_domain_comes_back(tmp_path):
    write(tmp_path, "sights", "import no_such_module")
    assert registry.load(tmp_path).domains == ()

    (tmp_path / "sights" / "__init__.py").unlink()
    (tmp_path / "sights").rmdir()
    write(tmp_path, "sights")

    found = registry.load(tmp_path)
    assert [d.name for d in found.domains] == ["sights"]
    assert found.broken == ()


def test_what_refers_to_a_domain_that_is_left_out_is_left_out_too_with_the_reason(tmp_path):
    write(tmp_path, "sights", SIGHT.replace('"Name")', '"Name", refers_to="nothing")'))
    write(tmp_path, "tours", SIGHT.replace('"Name")', '"Name", refers_to="sights_sight")'), field="tour_no")
    write(tmp_path, "venues", field="venue_no")

    found = registry.load(tmp_path)

    assert [d.name for d in found.domains] == ["venues"]
    assert "refers to the dataset nothing" in reasons(found)["sights"]
    assert "refers to the dataset sights_sight" in reasons(found)["tours"]


def test_a_folder_anywhere_imports_its_own_files_relatively(tmp_path):
    write(tmp_path, "sights", "from .records import DOMAIN")
    body = dedent(SIGHT).lstrip()
    for key, value in {"name": "sights", "dataset": "sight", "field": "sight_no", "code": "SGT"}.items():
        body = body.replace("{" + key + "}", value)
    (tmp_path / "sights" / "records.py").write_text(body)

    assert [d.name for d in registry.load(tmp_path).domains] == ["sights"]


def test_a_folder_that_is_not_there_gives_no_domains(tmp_path):
    assert registry.load(tmp_path / "nothing").domains == ()


def test_shared_records_can_be_about_the_subjects_of_every_domain_that_is_on(tmp_path):
    write(tmp_path, "sights")

    found = registry.load(tmp_path)
    inspection = found.dataset("inspection")

    assert inspection.spec.subject_fields == ("uscc", "sight_no")
    sight_no = inspection.column("sight_no")
    assert (sight_no.refers_to, sight_no.required, sight_no.aliases) == ("sights_sight", False, ("编号",))
    # by its name only where no code identifies it
    assert found.dataset("complaint").spec.subject_fields == ("uscc", "sight_no", "name")
    # a company's own affairs are about companies only
    assert found.dataset("lawsuit").spec.subject_fields == ("uscc",)
    # where the subject is part of the key, so is every way to name it
    assert found.dataset("interview").key() == ("uscc", "held_on", "sight_no")
