"""How well objects without a code are found again in another list: `python -m bench.linkage`.

Shops are invented: names of drawn characters, chains with branches, neighbours in one street, malls with one address,
agents with one phone. A second office lists some of them its own way: region, legal form, brackets, trade words and
characters written otherwise, addresses by road or by street, phones masked, changed or missing, some moved. *Mild* is as
in the note on methods; *harsh* has renamed and moved shops and wrong districts besides. `--pairs FILE` measures on a
labelled table besides (Fodors–Zagats as dedupe keeps it: unique_id, name, address, city).
"""

from __future__ import annotations

import argparse
import csv
import re
import resource
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pilotwatch.inspection.objects.search import search
from pilotwatch.inspection.objects.settle import precision_recall
from pilotwatch.places import Places

ROOT = Path(__file__).resolve().parent.parent
SEED = 20231110
_CHARACTERS = "金华瑞祥福源丰盛鑫达诚信顺安康乐美佳和兴隆永泰天山雪莲胡杨绿洲博格达云杉塔里木昆仑葡萄沙枣骏马驼铃春晓秋实晨曦朝阳嘉禾百川万里长青明珠翠湖银河星光紫荆玉兰海棠牡丹荷风竹韵松涛梅香兰亭菊影桂馥"
_TRADES = ("餐饮", "商贸", "健身", "美容美发", "超市", "教育咨询", "酒店", "洗浴", "汽车服务", "文化传播")
_OTHERWISE = {
    "餐饮": "餐厅",
    "商贸": "贸易",
    "美容美发": "造型",
    "超市": "便利",
    "教育咨询": "培训",
    "酒店": "宾馆",
    "汽车服务": "洗车",
}
_ROADS = (
    "友好北路",
    "友好南路",
    "新华北路",
    "新华南路",
    "中山路",
    "解放北路",
    "光明路",
    "人民路",
    "黄河路",
    "长江路",
    "西北路",
    "北京南路",
    "北京北路",
    "河南东路",
    "苏州路",
    "喀什东路",
    "克拉玛依东街",
    "红山路",
    "南湖路",
    "克西路",
    "幸福路",
    "团结路",
    "胜利路",
    "延安路",
    "大湾南路",
)


@dataclass(frozen=True)
class Harm:
    """How often the second office writes something otherwise."""

    name: str
    typo: float
    trade: float
    renamed: float
    moved: float
    phone_lost: float
    phone_other: float
    district: float
    no_number: float


MILD = Harm("mild", 0.08, 0.15, 0.0, 0.0, 0.25, 0.1, 0.0, 0.1)
HARSH = Harm("harsh", 0.15, 0.3, 0.06, 0.06, 0.4, 0.2, 0.05, 0.2)


def shops(rng: np.random.Generator, n: int, places: Places) -> pd.DataFrame:
    """`n` shops; one in six belongs to a chain, one in twelve stands in a mall, one in fifteen has its agent's phone."""
    divisions = [d for d in places.divisions]
    characters = np.array(list(dict.fromkeys(_CHARACTERS)))
    share = 1 / np.arange(1, len(characters) + 1) ** 0.5
    stems = np.array(
        ["".join(rng.choice(characters, int(rng.integers(2, 5)), p=share / share.sum())) for _ in range(n)], object
    )
    chain = rng.random(n) < 1 / 6
    heads = stems[: max(2, n // 40)]
    stems[chain] = rng.choice(heads, int(chain.sum()))
    trade = rng.choice(_TRADES, n).astype(object)
    company = rng.random(n) < 0.55
    branch = np.where(chain, [f"{r.rstrip('路街')}店" for r in rng.choice(_ROADS, n)], "")
    at = rng.integers(len(divisions), size=n)
    road = rng.choice(_ROADS, n).astype(object)
    number = rng.integers(1, 900, n)
    mall = rng.random(n) < 1 / 12
    road[mall], number[mall], at[mall] = "友好北路", 689, 0
    phones = np.array([f"1{rng.integers(30, 99)}{rng.integers(10**7, 10**8)}" for _ in range(n)], object)
    agent = rng.random(n) < 1 / 15
    phones[agent] = rng.choice(phones[:8], int(agent.sum()))
    return pd.DataFrame(
        {
            "stem": stems, "trade": trade, "company": company, "branch": branch, "division_code": [divisions[i].code for i in at],
            "district": [divisions[i].title.zh for i in at], "road": road, "number": number, "phone": phones,
        }
    )  # fmt: skip


def written(rng: np.random.Generator, rows: pd.DataFrame, harm: Harm | None) -> pd.DataFrame:
    """The shops as an office writes them; `harm` None: as the first one does, with everything."""
    rows = rows.copy()
    n = len(rows)
    if harm:
        characters = list(dict.fromkeys(_CHARACTERS))
        for i in np.flatnonzero(rng.random(n) < harm.typo):
            stem = list(rows["stem"].iat[i])
            stem[int(rng.integers(len(stem)))] = str(rng.choice(characters))
            rows.iloc[i, 0] = "".join(stem)
        for i in np.flatnonzero(rng.random(n) < harm.renamed):
            rows.iloc[i, 0] = "".join(rng.choice(characters, 3))
        moved = rng.random(n) < harm.moved
        rows["road"] = np.where(moved, rng.choice(_ROADS, n), rows["road"])
        rows["number"] = np.where(moved, rng.integers(1, 900, n), rows["number"])
        other = rng.random(n) < harm.trade
        rows["trade"] = [_OTHERWISE.get(t, t) if o else t for t, o in zip(rows["trade"], other, strict=True)]
        rows["phone"] = np.where(
            rng.random(n) < harm.phone_other,
            [f"0991-{x}" for x in rng.integers(2_000_000, 9_000_000, n)],
            rows["phone"],
        )
        rows["phone"] = np.where(rng.random(n) < harm.phone_lost, "", rows["phone"])
        wrong = rng.random(n) < harm.district
        rows["division_code"] = np.where(wrong, "650105", rows["division_code"])
    names, addresses = [], []
    for r in rows.itertuples():
        form = "有限公司" if r.company else "店"
        region = str(rng.choice(["新疆", "乌鲁木齐", "", ""])) if harm else "新疆"
        branch = f"（{r.branch}）" if r.branch and not (harm and rng.random() < 0.15) else ""
        if harm and rng.random() < 0.2:
            form = "有限责任公司" if r.company else str(rng.choice(["部", "中心", ""]))
        names.append(f"{region}{r.stem}{r.trade}{form}{branch}")
        number = "" if harm and rng.random() < harm.no_number else f"{r.number}号"
        start = (
            str(rng.choice([f"新疆乌鲁木齐市{r.district}", r.district, "乌市", ""]))
            if harm
            else f"乌鲁木齐市{r.district}"
        )
        addresses.append(f"{start}{r.road}{number}{'1层' if harm and rng.random() < 0.3 else ''}")
    return rows.assign(name=names, address=addresses, person="", lng=np.nan, lat=np.nan)


def two_lists(n: int, harm: Harm, places: Places, *, seed: int = SEED) -> tuple[pd.DataFrame, dict[str, str]]:
    """Two lists: all shops with a code, and 45 % of them again without, among as many others. Gives rows and the truth."""
    rng = np.random.default_rng(seed)
    every = shops(rng, round(n * 1.45), places)
    mine = written(rng, every.iloc[:n], None)
    again = rng.permutation(n)[: round(n * 0.45)]
    theirs = written(rng, pd.concat([every.iloc[again], every.iloc[n:]], ignore_index=True), harm)
    code = [f"C{i:07}" for i in range(n)]
    first = mine.assign(key=[f"a{i:07}" for i in range(n)], list="A", code=code, object=code)
    keys = [f"b{i:07}" for i in range(len(theirs))]
    second = theirs.assign(key=keys, list="B", code="", object=keys)
    truth = dict.fromkeys(keys, "") | {keys[i]: code[j] for i, j in enumerate(again)}
    return pd.concat([first, second], ignore_index=True), truth


def taught(rows: pd.DataFrame, truth: dict[str, str], share: float) -> pd.DataFrame:
    """The rows with a share of the second list's codes known, as where a department has some of them."""
    rng = np.random.default_rng(SEED + 1)
    known = {k for k, v in truth.items() if v and rng.random() < share}
    code = [truth[k] if k in known else c for k, c in zip(rows["key"], rows["code"], strict=True)]
    return rows.assign(
        code=code, object=[truth[k] if k in known else o for k, o in zip(rows["key"], rows["object"], strict=True)]
    )


def measure(rows: pd.DataFrame, truth: dict[str, str], places: Places) -> dict[str, float]:
    began = time.process_time()
    found = search(rows, places.without_division)
    seconds = time.process_time() - began
    links = found.links
    bare = set(rows.loc[rows["code"] == "", "key"])
    asked = {k: v for k, v in truth.items() if k in bare}
    own = links["row"].isin(asked)
    auto = precision_recall(links[own & (links["zone"] == "auto")], asked)
    clerical = links[own & (links["zone"] == "clerical")]
    best = links[own].sort_values("weight", ascending=False).drop_duplicates("row")
    any_zone = precision_recall(best[best["probability"] >= 0.5], asked)
    within = sum(asked[r] == o for r, o in zip(clerical["row"], clerical["object"], strict=True))
    lost = auto["true"] - auto["right"] - within
    return {
        **auto, "clerical": clerical["row"].nunique(), "clerical_true": within, "lost": lost, "p5": any_zone["precision"], "r5": any_zone["recall"],
        "f5": any_zone["f1"], "seconds": seconds, "pairs": found.compared,
    }  # fmt: skip


def table(sizes: tuple[int, ...]) -> str:
    places = Places.load()
    lines = [
        "| lists | rows | codes known | pairs compared | linked: P | R | F1 | p ≥ .5: P | R | F1 | to a person (right ones) | lost | CPU s |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for n in sizes:
        for harm in (MILD, HARSH):
            rows, truth = two_lists(n, harm, places)
            for share in (0.0, 0.3):
                m = measure(taught(rows, truth, share) if share else rows, truth, places)
                lines.append(
                    f"| {harm.name} | {n:,} × {len(rows) - n:,} | {100 * share:.0f} % | {m['pairs']:,} | {m['precision']:.4f} | {m['recall']:.3f} | {m['f1']:.3f} "
                    f"| {m['p5']:.3f} | {m['r5']:.3f} | {m['f5']:.3f} | {m['clerical']:,} ({m['clerical_true']:,}) | {m['lost']:,} | {m['seconds']:.1f} |"
                )
    return "\n".join(lines)


def labelled(file: Path) -> str:
    """A labelled table of two lists in one: rows with the same `unique_id` are one. No names of our trades, no phone."""
    with file.open(encoding="utf-8") as lines:
        given = list(csv.DictReader(lines, skipinitialspace=True))
    seen: dict[str, int] = {}
    rows = []
    for i, r in enumerate(given):
        place = seen.get(r["unique_id"], 0)
        seen[r["unique_id"]] = place + 1
        code = r["unique_id"] if place == 0 else ""
        key = f"{'ab'[min(place, 1)]}{i:05}"
        rows.append(
            {"key": key, "list": "A" if place == 0 else "B", "code": code, "object": code or key, "name": r["name"], "address": _as_ours(r["address"]),
             "phone": "", "person": r.get("city", ""), "division_code": "", "lng": np.nan, "lat": np.nan, "truth": r["unique_id"]}
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    truth = dict(zip(frame.loc[frame["list"] == "B", "key"], frame.loc[frame["list"] == "B", "truth"], strict=True))
    m = measure(frame, truth, Places.load())
    return f"{file.name}: {len(frame)} rows, {len(truth)} true pairs; linked P {m['precision']:.3f} R {m['recall']:.3f}; p ≥ .5 P {m['p5']:.3f} R {m['r5']:.3f} F1 {m['f5']:.3f}"


def _as_ours(address: str) -> str:
    """435 s. la cienega blvd. → LACIENEGAB路435号: street and number where the reader of Chinese addresses looks for them."""
    number = re.match(r"\d+", address)
    words = [w for w in re.findall(r"[a-z]+", address.lower()) if len(w) > 1]
    return f"{''.join(words)[:10].upper()}路{number[0]}号" if number else f"{''.join(words)[:10].upper()}路"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.linkage", description=__doc__)
    parser.add_argument("--sizes", default="3000,20000")
    parser.add_argument("--pairs", type=Path)
    options = parser.parse_args()
    print(table(tuple(int(s) for s in options.sizes.split(","))))
    if options.pairs:
        print(labelled(options.pairs))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
