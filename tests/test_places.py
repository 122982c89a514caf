"""Names people write for places and offices, and points on the ground."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from pilotwatch import coordinates
from pilotwatch.places import Places
from pilotwatch.settings import ROOT

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.load(DATA)


@pytest.fixture
def city(tmp_path) -> Path:
    """A copy of the data folder that a test may change."""
    return shutil.copytree(DATA, tmp_path / "data")


def test_there_are_8_divisions_9_units_130_streets_and_1107_communities(places):
    assert [d.code for d in places.divisions] == [
        "650102", "650103", "650104", "650105", "650106", "650107", "650109", "650121",
    ]  # fmt: skip
    assert len(places.units) == 9
    assert {u.code for u in places.units} == {d.code for d in places.divisions} | {"GQP"}
    assert len(places.streets) == 130
    assert len(places.communities) == 1107
    assert all(c.street in places.streets for c in places.communities.values())
    assert places.problems == ()


# --- divisions and units ---


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            "天山 天山区 乌鲁木齐市天山区 新疆维吾尔自治区乌鲁木齐市天山区 天山区人民政府 650102 650102000000 Ｔｉａｎｓｈａｎ",
            "650102",
        ),
        ("沙区 沙依巴克 沙依巴克区", "650103"),
        ("高新区 新市区 高新区（新市区） 新市区(高新区) 高新技术产业开发区（新市区） 650172", "650104"),
        ("水区 水磨沟区", "650105"),
        ("经开区 头区 头屯河区 经开区(头屯河区) 经济技术开发区（头屯河区） 乌鲁木齐经济技术开发区 650171", "650106"),
        ("达坂城 达坂城区", "650107"),
        ("米东区 米东新区 米泉市 东山区 650108", "650109"),
        ("乌县 乌鲁木齐县", "650121"),
    ],
)
def test_every_way_to_write_a_division_is_understood(places, words, code):
    for word in words.split():
        assert places.division(word) == code, word
        assert places.area(word).unit == code, word


@pytest.mark.parametrize(
    "word",
    ["甘泉堡", "甘泉堡工业园", "甘泉堡经开区", "甘泉堡经济技术开发区（工业区）", "650130", "GQP", "甘泉堡管委会"],
)
def test_ganquanpu_is_in_midong_and_reports_by_itself(places, word):
    area = places.area(word)
    assert (area.division, area.zone, area.unit) == ("650109", "GQP", "GQP")


@pytest.mark.parametrize("word", ["650100", "650101", "650122", "其他", "昌吉市", "乌鲁木齐市", "合计", "东山", "区"])
def test_what_is_no_division_is_none(places, word):
    assert places.division(word) is None


def test_two_names_that_disagree_mean_nothing(places):
    assert places.division("高新区（头屯河区）") is None


def test_the_unit_of_a_division_is_itself_unless_its_zone_reports(places):
    assert places.unit_of("650109") == "650109"
    assert places.unit_of("650109", "GQP") == "GQP"
    assert places.unit_of("650109", "MDI") == "650109"


# --- streets ---


@pytest.mark.parametrize(
    ("word", "division", "code"),
    [
        ("胜利路街道", "650102", "650102003"), ("胜利路街道办", "650102", "650102003"),
        ("胜利路街道办事处", "650102", "650102003"), ("胜利路", "650102", "650102003"),
        ("天山区胜利路街道", None, "650102003"), (" 胜利路　街道 ", "650102", "650102003"),
        ("钢城片区街道办", "650106", "650106001"), ("钢城街道", "650106", "650106001"),
        ("二道桥街道", "650102", "650102400"), ("二道桥片区管委会", "650102", "650102400"),
        ("和田街街道办", "650103", "650103002"), ("盐湖街道", "650107", "650107006"),
        ("达坂城镇", "650107", "650107100"), ("水磨沟街道", "650105", "650105001"),
        ("西山街道", "650103", "650103008"), ("西山农场", "650103", "650103502"), ("104团", "650103", "650103501"),
        ("托里镇", "650121", "650121213"), ("650102003", "650102", "650102003"), ("650102003002", None, "650102003"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_street_is_understood(places, word, division, code):
    assert places.street(word, division) == code


def test_the_division_decides_between_namesakes(places):
    assert places.street("二工街道", "650104") == "650104002"
    assert places.street("二工乡", "650104") == "650104200"
    assert places.street("二工", "650104") is None
    assert places.street("石化街道", "650109") == "650109001"
    assert places.street("石化街道", "650103") is None
    assert places.street("天山区胜利路街道", "650104") is None
    assert places.street("650109001", "650103") is None
    assert places.street("西山乡", "650103") is None
    assert places.street("托里镇", "650104") is None


def test_every_official_street_name_means_itself_in_its_division(places):
    for street in places.streets.values():
        assert places.street(street.name, street.division) == street.code


def test_every_street_of_the_shared_workbook_list_is_here(places):
    with (SHARED / "places" / "streets.csv").open(encoding="utf-8") as file:
        assert {r["code"]: r["name"] for r in csv.DictReader(file)} == {s.code: s.name for s in places.streets.values()}


def test_xpcc_farms_are_under_their_own_jurisdiction(places):
    xpcc = {s.name for s in places.streets.values() if s.jurisdiction == "xpcc"}
    assert len(xpcc) == 7
    assert all("兵团" in name for name in xpcc)
    assert places.jurisdictions(["650103501", "650103008", None]).tolist() == ["xpcc", "local", "local"]


# --- departments ---


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("乌鲁木齐市商务局 市商务局 商务局 天山区商务局 区商务局 SWJ", "SWJ"),
        ("市建设局 市城乡建设局 市住建局 乌鲁木齐市住房和城乡建设局", "JSJ"),
        ("市市监局 市场监管局 市市场监管局 市市场监督管理局 米东区市场监管局 高新区（新市区）市场监管局 市工商局", "SCJG"),
        ("市执法局 市城管局（行政执法局） 城管局(行政执法局)", "CGJ"),
        ("市发改委 市发展改革委", "FGW"), ("市应急局", "YJJ"), ("市消防救援支队 消防救援支队", "XFJY"),
        ("国家税务总局乌鲁木齐市税务局 市税务局", "SWJU"), ("自治区商务厅 新疆维吾尔自治区商务厅", "SWT"), ("新疆维吾尔自治区市场监督管理局", "SCJGJ"), ("兵团第十二师", "XPCC"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_department_is_understood(places, words, code):
    for word in words.split():
        assert places.department(word) == code, word


def test_lists_of_departments_keep_their_order_and_name_what_is_unknown(places):
    assert places.department_list("市商务局、市城管局") == (("SWJ", "CGJ"), ())
    assert places.department_list("市公安局，市商务局;市公安局") == (("GAJ", "SWJ"), ())
    assert places.department_list("市商务局和市公安局") == (("SWJ", "GAJ"), ())
    assert places.department_list("市规划和自然资源局") == (("ZRZY",), ())
    assert places.department_list("市商务局、市盐业公司") == (("SWJ",), ("市盐业公司",))


def test_a_name_that_passed_to_another_department_is_read_by_its_day(city):
    with (city / "departments" / "aliases.csv").open("a", encoding="utf-8") as file:
        file.write("市综合监管局,SFJ,,2024-12-31,\n市综合监管局,SCJG,2025-01-01,,\n")
    places = Places.load(city)
    assert places.department("市综合监管局", date(2024, 12, 31)) == "SFJ"
    assert places.department("市综合监管局", date(2025, 1, 1)) == "SCJG"
    assert places.department("市综合监管局") is None
    assert places.department("市工商局", date(2026, 1, 1)) == "SCJG"  # outdated, but only ever meant one


# --- columns ---


def test_whole_columns_agree_with_single_words(places):
    words = ["天山", None, "甘泉堡", "火星", "天山"]
    areas = places.match_areas(words)
    assert areas["division"].tolist() == ["650102", None, "650109", None, "650102"]
    assert areas["unit"].tolist() == ["650102", None, "GQP", None, "650102"]
    streets = places.match_streets(["石化街道", "石化街道", None, "胜利路"], ["650109", "650103", "650102", None])
    assert streets.tolist() == ["650109001", None, None, None]
    assert places.match_departments(["市商务局", None, "市盐业公司"]).tolist() == ["SWJ", None, None]


# --- the ground ---


def test_every_anchor_lies_well_inside_its_division_and_apart_from_others(places):
    codes = [s.division for s in places.streets.values()]
    lng, lat = np.array([s.anchor for s in places.streets.values()]).T
    assert places.boundaries.contains(codes, lng, lat, tolerance_m=0).all()
    x, y = places.boundaries._plane(lng, lat)
    for zone in places.zones:
        assert places.boundaries.contains(zone.division, *zone.anchor, tolerance_m=0).all()
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + np.eye(len(x)) * 1e6
    assert apart.min() > 300


def test_a_point_is_outside_only_beyond_the_tolerance(places):
    polygon = places.boundaries.polygons["650102"]
    lng, lat = shapely.get_coordinates(polygon)[0]
    east = np.array([lng - 0.002, lng + 0.002, lng + 0.02])  # 160 m inside, 160 m outside, 1.6 km outside
    assert places.contains("650102", east, np.full(3, lat)).tolist() == [True, True, False]
    assert places.contains(["650102", None, "999999"], [np.nan, lng, lng], [lat, lat, lat]).tolist() == [False] * 3


def test_points_are_located_to_exactly_one_division(places):
    rng = np.random.default_rng(1)
    lng, lat = rng.uniform(86.7, 89.0, 20_000), rng.uniform(42.9, 45.1, 20_000)
    found = places.boundaries.locate(lng, lat, tolerance_m=0)
    inside = np.array([places.boundaries.contains(d.code, lng, lat, tolerance_m=0) for d in places.divisions])
    assert (inside.sum(axis=0) <= 1).all()
    for division, mask in zip(places.divisions, inside, strict=True):
        assert (found[mask] == division.code).all()
    assert all(code is None for code in found[~inside.any(axis=0)])
    assert places.locate([87.63, 116.4, np.nan], [43.79, 39.9, 43.8]).tolist() == ["650102", None, None]


def test_a_subject_without_coordinates_is_placed_at_its_street_else_its_division(places):
    lng, lat = [87.63, np.nan, np.nan, np.nan], [43.79, np.nan, np.nan, np.nan]
    street, division = ["650102003", "650102003", None, None], ["650102", "650102", "650102", None]
    assert places.located(lng, street, division).tolist() == ["point", "street", "division", "none"]
    x, y = places.points(lng, lat, street, division)
    assert (x[0], y[0]) == (87.63, 43.79)
    assert (x[1], y[1]) == places.street_point("650102003")
    assert places.contains("650102", x[2], y[2]).all()
    assert np.isnan([x[3], y[3]]).all()


def test_the_map_layer_names_every_division(places):
    assert [f["id"] for f in places.boundaries.geojson["features"]] == [d.code for d in places.divisions]
    assert places.boundaries.frame.crs.to_epsg() == 4490
    assert places.boundaries.frame["name"].tolist() == [d.title.zh for d in places.divisions]


# --- a city's own boundaries ---


def own_boundaries(city: Path, change) -> Places:
    """The places of a city that dropped in a changed copy of the shipped boundaries."""
    shipped = json.loads((city / "boundaries" / "urumqi-districts.geojson").read_text())
    (city / "boundaries" / "own.geojson").write_text(json.dumps(change(shipped) or shipped), encoding="utf-8")
    return Places.load(city)


def moved(document, transform):
    for feature in document["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        moved_shape = shapely.transform(shape, lambda xy: np.column_stack(transform(*xy.T)))
        feature["geometry"] = json.loads(shapely.to_geojson(moved_shape))


def test_a_citys_own_boundaries_replace_the_shipped_ones(city):
    places = own_boundaries(city, lambda d: moved(d, lambda x, y: (x + 0.0005, y)))
    assert places.problems == ()
    assert places.boundaries.path.name == "own.geojson"


def test_boundaries_in_projected_metres_are_brought_to_degrees(city):
    places = own_boundaries(city, lambda d: moved(d, lambda x, y: coordinates.from_wgs84(x, y, "GK87")))
    assert places.problems == ()
    assert places.boundaries.path.name == "own.geojson"
    assert places.locate(87.63, 43.79)[0] == "650102"


def test_boundaries_that_look_like_gcj02_are_refused_unless_they_say_so(city):
    places = own_boundaries(city, lambda d: moved(d, lambda x, y: coordinates.from_wgs84(x, y, "GCJ02")))
    assert "GCJ-02" in places.problems[0].zh
    assert places.boundaries.path.name == "urumqi-districts.geojson"

    def honest(document):
        moved(document, lambda x, y: coordinates.from_wgs84(x, y, "GCJ02"))
        document["crs"] = {"type": "name", "properties": {"name": "GCJ02"}}

    places = own_boundaries(city, honest)
    assert places.problems == ()
    assert places.boundaries.path.name == "own.geojson"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(features=d["features"][:-1]), "乌鲁木齐县（650121）"),
        (lambda d: [f["properties"].pop("adcode") for f in d["features"]] and None, "adcode"),
        (lambda d: moved(d, lambda x, y: (x + 20, y)), "不在乌鲁木齐范围内"),
        (lambda d: moved(d, lambda x, y: (y, x)), "不在乌鲁木齐范围内"),
        (lambda d: {"type": "Point"}, "无法读取"),
        (lambda d: d["features"][0].update(geometry={"type": "LineString", "coordinates": [[87.6, 43.8], [87.7, 43.8]]}), "图形有误"),
    ],
)  # fmt: skip
def test_a_boundary_file_that_cannot_be_right_is_refused_with_the_reason(city, change, said):
    places = own_boundaries(
        city, lambda d: result if isinstance(result := change(d), dict) and "type" in result else None
    )
    assert len(places.problems) == 1
    assert said in places.problems[0].zh
    assert "own.geojson" in places.problems[0].en
    assert places.boundaries.path.name == "urumqi-districts.geojson"


def test_two_boundary_files_of_a_city_are_not_guessed_between(city):
    for name in ("a.geojson", "b.geojson"):
        shutil.copy(city / "boundaries" / "urumqi-districts.geojson", city / "boundaries" / name)
    assert "a.geojson、b.geojson" in Places.load(city).problems[0].zh
