"""Coordinates come in five systems and are stored in one."""

import json
from pathlib import Path

import numpy as np
import pytest

from pilotwatch import coordinates

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

# (WGS84, GCJ-02, BD-09) of two points in Urumqi, domain-rules E.3, to six decimals.
VECTORS = [
    ((87.616800, 43.825600), (87.619650, 43.826805), (87.626100, 43.832950)),
    ((88.310000, 43.360000), (88.312880, 43.361608), (88.319274, 43.367862)),
]


@pytest.fixture(scope="module")
def places() -> dict[str, np.ndarray]:
    """332 places of China, one array of shape (2, n) per system."""
    rows = json.loads((SHARED / "coordinates" / "places-wgs84-gcj02-bd09.json").read_text())
    assert len({row["attrs"]["name"] for row in rows}) >= 300
    return {name: np.array([row["coords"][name] for row in rows]).T for name in ("WGS84", "GCJ02", "BD09")}


@pytest.mark.parametrize(("wgs", "gcj", "bd"), VECTORS)
def test_the_published_test_vectors_hold_in_both_directions(wgs, gcj, bd):
    assert np.allclose(np.ravel(coordinates.from_wgs84(*wgs, "GCJ02")), gcj, rtol=0, atol=1e-6)
    assert np.allclose(np.ravel(coordinates.from_wgs84(*wgs, "BD09")), bd, rtol=0, atol=1e-6)
    assert np.allclose(np.ravel(coordinates.to_cgcs2000(*gcj, "GCJ02")), wgs, rtol=0, atol=1e-6)
    assert np.allclose(np.ravel(coordinates.to_cgcs2000(*bd, "BD09")), wgs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("crs", ["GCJ02", "BD09"])
def test_332_known_places_agree_within_a_metre(places, crs):
    assert np.abs(np.array(coordinates.from_wgs84(*places["WGS84"], crs)) - places[crs]).max() < 1e-5
    assert np.abs(np.array(coordinates.to_cgcs2000(*places[crs], crs)) - places["WGS84"]).max() < 1e-5


@pytest.mark.parametrize("crs", ["GCJ02", "BD09"])
def test_converting_back_returns_the_input_within_1e_7(places, crs):
    there_and_back = coordinates.to_cgcs2000(*coordinates.from_wgs84(*places["WGS84"], crs), crs)
    assert np.abs(np.array(there_and_back) - places["WGS84"]).max() < 1e-7


def test_points_of_the_workbooks_convert_as_expected():
    gcj = coordinates.to_cgcs2000([87.634868, 87.500835], [43.764123, 43.560606], "GCJ02")
    assert np.allclose(gcj, [[87.632, 87.497753], [43.762867, 43.559102]], rtol=0, atol=1e-5)
    bd = coordinates.to_cgcs2000([87.626093, 87.372469], [43.770146, 43.529814], "BD09")
    assert np.allclose(bd, [[87.616831, 87.362867], [43.762779, 43.521916]], rtol=0, atol=1e-5)


def test_wgs84_is_taken_for_cgcs2000_unchanged():
    for crs in ("WGS84", "CGCS2000", None):
        assert np.ravel(coordinates.to_cgcs2000(87.6, 43.8, crs)).tolist() == [87.6, 43.8]


def test_projected_metres_are_recognised_with_or_without_zone_and_in_either_order():
    easting, northing = coordinates.from_wgs84(87.6168, 43.8256, "GK87")
    assert 500_000 < easting[0] < 600_000
    assert 4_800_000 < northing[0] < 4_900_000
    for x, y in (
        (easting, northing), (easting + 29e6, northing), (easting + 15e6, northing), (northing, easting),
        (northing, easting + 29e6),
    ):  # fmt: skip
        assert np.allclose(np.ravel(coordinates.to_cgcs2000(x, y)), [87.6168, 43.8256], rtol=0, atol=1e-8)


def test_the_projection_is_the_official_one_of_zone_29():
    from pyproj import Transformer

    official = Transformer.from_crs("EPSG:4490", "EPSG:4517", always_xy=True)  # CGCS2000 / 3-degree GK zone 29
    x, y = coordinates.from_wgs84(87.6168, 43.8256, "GK87")
    assert np.allclose([x[0] + 29e6, y[0]], official.transform(87.6168, 43.8256), rtol=0, atol=0.01)


def test_metres_of_another_zone_give_nothing_rather_than_something_wrong():
    assert np.isnan(coordinates.to_cgcs2000(30_549_615.9, 4_854_629.6)).all()


def test_missing_stays_missing_and_does_not_spoil_its_neighbours():
    lng, lat = coordinates.to_cgcs2000([np.nan, 87.634868], [43.8, 43.764123], "GCJ02")
    assert np.isnan(lng[0])
    assert abs(lng[1] - 87.632) < 1e-5
    assert abs(lat[1] - 43.762867) < 1e-5


def test_an_unknown_system_is_refused():
    with pytest.raises(KeyError):
        coordinates.to_cgcs2000(87.6, 43.8, "XIAN80")


def test_what_a_pair_looks_like():
    lng = [87.6, 43.8, 0, 549_615.9, np.nan, 120.0]
    lat = [43.8, 87.6, 0, 4_854_629.6, 43.8, 30.0]
    assert coordinates.looks_like(lng, lat).tolist() == [
        "degrees", "swapped", "zero", "projected", "missing", "outside",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("位置（高德坐标GCJ-02）", "GCJ02"), ("百度坐标(BD-09)", "BD09"), ("ＢＤ０９", "BD09"), ("坐标（WGS-84）", "WGS84"),
        ("国家2000坐标", "CGCS2000"), ("2000国家大地坐标系", "CGCS2000"), ("urn:ogc:def:crs:EPSG::4490", "CGCS2000"),
        ("高斯投影3度带", "GK87"), ("经度", None), (None, None),
    ],
)  # fmt: skip
def test_the_system_is_read_from_a_header(text, crs):
    assert coordinates.named_crs(text) == crs


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("87°37′00″", 87 + 37 / 60), ("87°37'30\"", 87.625), ("８７°３７′３０″", 87.625), ("东经87度37分30秒", 87.625),
        ("87°37.5′E", 87.625), ("87.625", 87.625), ("87°61′00″", None), ("见附件", None), ("", None),
    ],
)  # fmt: skip
def test_degrees_minutes_seconds_are_read(text, value):
    found = coordinates.degrees(text)
    assert found == value if value is None else abs(found - value) < 1e-9
