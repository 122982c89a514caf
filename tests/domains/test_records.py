"""The records say what the rules and the workbooks of the field say, in the same words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pilotwatch import conformance
from pilotwatch.domain import Record
from pilotwatch.places import Places
from pilotwatch.sampling.city import City
from pilotwatch.settings import settings
from tests.domains.conftest import ON

SHARED = Path(__file__).parents[2].parent / "shared"
RULES = (SHARED / "domain-rules.md").read_text(encoding="utf-8")
EXPECTED = sorted((SHARED / "data" / "workbooks").glob("*.expected.json"))


def section(number: str) -> list[list[str]]:
    """The rows of a section's tables, as cells."""
    body = RULES.split(f"### {number} ")[1].split("\n###")[0]
    return [[c.strip() for c in line.strip("|").split("|")] for line in body.splitlines() if line.startswith("|")]


def words(cell: str) -> set[str]:
    """The field names of a cell: `kind (法人/股东), changed_on, depts[]`."""
    plain = re.sub(r"\([^)]*\)|\{[^}]*\}|\[\]", "", cell)
    return {w.strip() for w in re.split(r"[,;/]", plain) if re.fullmatch(r"[a-z][a-z0-9_]*", w.strip())}


def fields(records: list[type[Record]]) -> set[str]:
    return {c.name for r in records for c in r.columns()}


@pytest.mark.parametrize("number", ["A.1.4", "A.2.4", "A.3.4"])
def test_every_record_type_of_the_rules_is_declared_with_its_key_fields(domains, number):
    seen = 0
    for cells in section(number):
        datasets = re.findall(r"`(\w+)`", cells[1])
        declared = fields([domains.dataset(name) for name in datasets])
        if datasets:
            seen += 1
            assert words(cells[2]) <= declared, datasets
    assert seen >= 10


@pytest.mark.parametrize(
    ("number", "domain"), [("A.1.3", "prepaid_cards"), ("A.2.3", "self_built_housing"), ("A.3.3", "refined_oil")]
)
def test_every_attribute_of_the_rules_objects_is_declared(domains, number, domain):
    named = {w for cells in section(number) for cell in cells[1:4] for w in re.findall(r"`([a-z]\w+)(?:\[\])?`", cell)}
    datasets = {r.spec.dataset for r in domains.domain(domain).records}
    assert len(named) > 20
    assert named - datasets - fields(list(domains.domain(domain).records)) <= {"scale", "group", "brand", "other"}


@pytest.mark.parametrize("path", EXPECTED, ids=lambda p: p.name.split(".")[0])
def test_what_the_workbooks_name_is_declared_and_what_they_call_extra_is_not(domains, path):
    told = json.loads(path.read_text(encoding="utf-8"))
    for table in told.get("tables", [told]):
        record = domains.dataset(table["dataset"])
        columns = {c.name: c for c in record.columns()}
        named = {e["field"] for e in (*table["errors"], *table["warnings"])}
        for sample in table["samples"]:
            named |= set(sample["values"]) - {"lng_raw", "lat_raw", "crs_raw"}
            for name, value in sample["values"].items():
                if name in columns and columns[name].kind == "choice" and value is not None:
                    assert value in columns[name].choices.values
        assert named <= set(columns)
        headers = {w for c in columns.values() for w in (c.title.zh, *c.aliases)}
        assert headers.isdisjoint(table["extra_columns"])


KEYS = {
    "oil_station": ("uscc",),
    "oil_tank_reading": ("uscc", "tank_no", "read_at"),
    "oil_verification": ("cert_no",),
    "ppc_issuer": ("uscc",),
    "ppc_quarter_report": ("uscc", "quarter"),
    "sbh_house": ("house_no",),
    "sbh_appraisal": ("report_no",),
    "inspection": ("scan_id",),
}


@pytest.mark.parametrize("dataset", KEYS)
def test_keys_are_those_of_the_workbooks(domains, dataset):
    assert domains.dataset(dataset).key() == KEYS[dataset]


@pytest.mark.parametrize(
    ("dataset", "field", "word", "value"),
    [
        ("ppc_issuer", "issuer_type", "规模发卡企业", "scale"),
        ("ppc_issuer", "issuer_type", "不适用9号令", "non_order9"),
        ("sbh_house", "structure", "砖混结构", "砖混"),
        ("sbh_house", "screen_result", "潜在危险", "存在一定安全隐患"),
        ("sbh_house", "screen_result", "危险房屋", "存在严重安全隐患"),
        ("sbh_appraisal", "grade", "C级", "C"),
        ("oil_station", "brand", "中国石油", "中石油"),
        ("oil_station", "brand", "CNPC", "中石油"),
        ("oil_tank_reading", "product", "95#汽油", "95#"),
        ("oil_tank_reading", "product", "负10号柴油", "-10#"),
        ("inspection", "joint", "单独", "false"),
        ("inspection", "trigger", "双随机一公开", "双随机"),
        ("arrears_event", "kind", "拖欠工资", "wage"),
    ],
)
def test_the_words_offices_use_are_read_as_the_official_ones(domains, dataset, field, word, value):
    assert domains.dataset(dataset).column(field).choices.by_word[word] == value


@pytest.mark.parametrize("written", ["1", "1号罐", "1号", "No.1", "01", "1#罐", "1＃罐", "第1号油罐"])
def test_a_tank_is_known_by_its_number_however_it_is_written(domains, written):
    pattern = domains.dataset("oil_tank_reading").column("tank_no").pattern
    assert re.fullmatch(pattern, written)[1] == "1"


@pytest.mark.parametrize("name", ["prepaid_cards", "refined_oil", "self_built_housing"])
def test_the_domains_samples_are_valid(domains, name):
    domain = domains.domain(name)
    drawn = domain.sample(City(Places.load(settings().data), ON, seed=7, scale=0.02))

    assert len(drawn) > 10
    assert conformance.check(domain, drawn, shared=domains.shared) == []
