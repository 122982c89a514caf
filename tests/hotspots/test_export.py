"""What leaves the house: every form holds what the person may see, says how it was made, and is told of in the audit."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pyogrio
import pytest
from PIL import Image

from pilotwatch import access
from pilotwatch.domain import Text
from pilotwatch.hotspots import STATES, export, picture
from pilotwatch.store import Person, StoreRefused
from pilotwatch.store import hotspots as shelf

HOUSES = "self_built_housing"
OFFICE = Person("office", "市级专班", "city_office")
AUDITOR = Person("auditor", "审计员", "auditor")


def context_of(workspace, language="zh"):
    return export.Context(
        workspace.places, language, Text("自建房安全 · 红橙风险对象", "Houses · red and orange"), True
    )


def run_of(desk, layer):
    return next(r for r in shelf.runs(desk) if (r.domain, r.measure, r.layer) == (HOUSES, "risk", layer))


@pytest.mark.parametrize("form", list(export.FORMS))
def test_every_form_is_written_and_the_audit_says_who_took_it(city, form):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk, "streets")
    unit = "650106"
    made = export.take_out(desk, run, form, context_of(workspace), unit=unit)
    assert len(made) > 1_000
    line = access.audit_lines(workspace.store, AUDITOR, act="hotspots.export")[0]
    assert (line["username"], line["object"]) == ("office", f"{HOUSES}/risk/streets/{run.period}")
    places = shelf.places(desk, HOUSES, "risk", "streets", run.period)
    assert line["details"]["form"] == form
    assert line["details"]["places"] == (places["report_unit"] == unit).sum()


def test_a_leader_takes_out_the_places_of_the_own_unit_alone(city):
    workspace, _ = city
    leader = workspace.desk(Person("leader", "区领导", "district_leader", units=frozenset({"650105"})))
    run = run_of(leader, "cells")
    document = json.loads(export.take_out(leader, run, "geojson", context_of(workspace)))
    assert {f["properties"]["report_unit"] for f in document["features"]} == {"650105"}
    assert "审图号" in document["properties"]["source"]
    assert document["properties"]["taken_out"].startswith("区领导（leader） 20")


def test_who_sees_no_data_takes_none_out(city):
    workspace, _ = city
    run = run_of(workspace.desk(OFFICE), "cells")
    with pytest.raises(StoreRefused):
        export.take_out(workspace.desk(AUDITOR), run, "png", context_of(workspace))


@pytest.mark.parametrize(("layer", "kind"), [("fine", "Polygon"), ("streets", "Point"), ("units", "Point")])
def test_a_geopackage_is_read_by_others_with_its_system_and_its_method(city, tmp_path, layer, kind):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk, layer)
    file = tmp_path / "hot.gpkg"
    file.write_bytes(export.take_out(desk, run, "gpkg", context_of(workspace)))
    assert {n for n, _ in pyogrio.list_layers(file)} == {"places", "divisions", "about"}
    found = pyogrio.read_dataframe(file, layer="places")
    kept = shelf.places(desk, HOUSES, "risk", layer, run.period)
    assert found.crs.to_epsg() == 4490
    assert set(found.geom_type) == {kind}
    assert found["place"].tolist() == kept["place"].tolist()
    assert found["hot"].astype(bool).tolist() == kept["hot"].tolist()
    assert set(found["state"]) <= {t.zh for t in STATES.values()}
    assert len(pyogrio.read_dataframe(file, layer="divisions")) == 8
    about = pyogrio.read_dataframe(file, layer="about").set_index("name")["value"]
    assert json.loads(about["parameters"])["q"] == 0.05
    assert "审图号" in about["source"]
    assert json.loads(about["synthetic"]) is True


def test_the_workbook_has_a_row_for_each_place_in_words_and_no_formula(city):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    run = run_of(desk, "streets")
    book = openpyxl.load_workbook(io.BytesIO(export.take_out(desk, run, "xlsx", context_of(workspace))))
    sheet, about = book.worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "演示数据：合成，与任何真实主体无关"
    assert rows[2][:3] == ("地点编码", "状态", "变化")
    kept = shelf.places(desk, HOUSES, "risk", "streets", run.period)
    assert sorted(r[0] for r in rows[3:]) == kept["place"].tolist()
    first = dict(zip(rows[2], rows[3], strict=True))
    assert first["状态"] == "热点"
    assert first["街道（乡镇）"] == workspace.places.streets[first["地点编码"]].name
    assert not any(isinstance(v, str) and v.startswith("=") for r in rows for v in r)
    told = dict(about.iter_rows(values_only=True))
    assert "错误发现率 q 0.05" in told["参数"]
    assert "审图号" in told["底图"]
    assert told["导出"].startswith("市级专班（office） 20")


def test_the_picture_tells_the_kinds_of_quiet_apart(city):
    """Two cells of each kind in one frame: each has its own fill, the hot ones are drawn over the others."""
    workspace, _ = city
    kept = shelf.places(workspace.desk(OFFICE), HOUSES, "risk", "cells", run_of(workspace.desk(OFFICE), "cells").period)
    some = kept.head(2 * len(STATES)).assign(state=list(STATES) * 2, smoothed=0.05)
    run = run_of(workspace.desk(OFFICE), "cells")
    svg = picture.drawing(run, some, context_of(workspace))
    shapes = [line for line in svg.splitlines() if line.startswith("<polygon")]
    assert len(shapes) == len(some)
    for fill in (picture.HOT, picture.WHITE, picture.GREY, "url(#hatched)", "url(#dotted)"):
        assert sum(f'fill="{fill}"' in s for s in shapes) == 2
    assert all(f'fill="{picture.HOT}"' in s for s in shapes[-2:])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_is_a_sheet_with_all_that_belongs_on_it(city, language):
    workspace, _ = city
    desk = workspace.desk(OFFICE)
    made = export.take_out(desk, run_of(desk, "cells"), "png", context_of(workspace, language))
    image = Image.open(io.BytesIO(made))
    assert image.width == round(297 / 25.4 * 144)  # A4 across, at 144 points to the inch
    assert image.height > 1_000
    colours = {c for _, c in image.convert("RGB").getcolors(1 << 24)}
    assert (200, 16, 46) in colours  # a hot cell


def test_a_map_without_places_is_the_city_with_its_divisions(city):
    workspace, _ = city
    kept = shelf.places(workspace.desk(OFFICE), HOUSES, "risk", "cells", "1999-01")
    svg = picture.drawing(run_of(workspace.desk(OFFICE), "cells"), kept, context_of(workspace))
    assert svg.count("<path") == 16
    assert "nan" not in svg


def test_a_citys_own_boundaries_state_their_number_or_that_they_dont(tmp_path):
    own = tmp_path / "ours.geojson"

    def source(document):
        own.write_text(json.dumps(document), encoding="utf-8")
        return export.source_of(SimpleNamespace(boundaries=SimpleNamespace(path=own)))

    assert "审图号 新S(2026)001号" in source({"审图号": "新S(2026)001号"}).zh
    assert "未注明" in source({}).zh


def test_a_file_is_called_by_what_it_holds(city):
    workspace, _ = city
    run = run_of(workspace.desk(OFFICE), "fine")
    assert export.name_of(run, "gpkg", "GQP") == f"hotspots-{HOUSES}-risk-fine-GQP-{run.period}.gpkg"
    named = export.named(
        shelf.places(workspace.desk(OFFICE), HOUSES, "risk", "fine", run.period), context_of(workspace)
    )
    assert list(named.columns) == list(export.TITLES)
    assert isinstance(named, pd.DataFrame)
