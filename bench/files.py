"""The files that are measured: a house ledger of 18 typed columns, with every hundredth row wrong."""

from __future__ import annotations

from pathlib import Path

HEADERS = (
    "房屋编码", "区县", "街道", "社区/村", "房屋坐落", "产权人", "所在区域", "房屋用途", "层数", "建筑面积（㎡）",
    "建成年份", "结构类型", "初判结论", "居住/使用人数", "营业状态", "产权性质", "经度", "纬度",
)  # fmt: skip

AREAS = ("城市建成区", "城乡接合部", "城中村", "学校周边", "商贸市场周边")
STRUCTURES = ("砖混", "砖木", "框架", "土木", "钢结构")
SCREENINGS = ("未发现安全隐患", "存在一定安全隐患", "存在严重安全隐患")


def house_ledger(path: Path, rows: int, seed: int = 7) -> Path:
    """Writes `rows` × 18 house rows below a title and a 填报单位 line; keeps the file if it is already there."""
    if path.exists():
        return path
    import numpy as np  # not at the top: a peer in an environment of its own reads the words above
    import xlsxwriter

    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    book = xlsxwriter.Workbook(unfinished, {"constant_memory": True})
    sheet = book.add_worksheet("排查台账")
    sheet.write_string(0, 0, "自建房排查台账")
    sheet.write_string(1, 0, "填报单位：天山区住建局  填报时间：2026年5月20日")
    for column, header in enumerate(HEADERS):
        sheet.write_string(2, column, header)
    streets = ("燕儿窝", "胜利路", "团结路", "解放南路", "新华南路", "和平路", "幸福路", "东门")
    picks = rng.integers(0, 1 << 30, size=(rows, 8))
    lng, lat = rng.normal(87.64, 0.002, rows), rng.normal(43.76, 0.002, rows)
    area = np.round(rng.lognormal(5, 0.6, rows), 1)
    for i in range(rows):
        p = picks[i]
        street = streets[p[0] % 8]
        wrong = i % 100 == 99
        sheet.write_row(
            i + 3,
            0,
            (
                f"650102{p[0] % 8 + 2:03d}ZJ{i:06d}", "天山区", f"{street}街道", f"{street}社区",
                f"{street}街道{p[1] % 90 + 1}巷{p[2] % 300 + 1}号", "李*", AREAS[p[3] % 5],
                "经营性自建房" if p[4] % 3 == 0 else "其他自建房", -1 if wrong else int(p[5] % 6 + 1), float(area[i]),
                int(1975 + p[6] % 48), "砖土" if wrong and p[7] % 2 else STRUCTURES[p[7] % 5], SCREENINGS[p[2] % 3],
                int(p[1] % 30), "营业" if p[4] % 3 == 0 else "停用", "私有", round(float(lng[i]), 6),
                round(float(lat[i]), 6),
            ),
        )  # fmt: skip
    book.close()
    unfinished.rename(path)
    return path
