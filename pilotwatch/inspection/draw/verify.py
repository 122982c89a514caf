#!/usr/bin/env python3
"""复核双随机抽取：python3 verify.py 抽取结果.json        Verifies a double-random draw; needs nothing but Python 3.11.

本程序独立于抽取系统，只用 Python 标准库，任何人都可以逐行核对后自行运行。
This program shares no code with the system that made the draw. Read it, then run it.

1. 名录与公示的哈希一致           the lists are those whose hash was published
2. 承诺值 = SHA256(随机数‖对象名录哈希‖人员名录哈希‖规则)    the commit, published before, fits them
3. 种子 = SHA256(随机数‖公共随机数‖抽取编号)               the seed follows from the public number
4. 按种子重算对象和人员，与结果逐项比对                     everything drawn anew is what was told
"""

import hashlib
import hmac
import json
import sys
from decimal import Context, Decimal

DIGITS = Context(prec=50)


def one_spelling(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def list_hash(rows):
    return hashlib.sha256(b"".join(one_spelling(r) + b"\n" for r in sorted(rows, key=lambda r: r[0]))).hexdigest()


def objects_drawn(seed, plan, rows):
    """id → (stratum, ticket, whether by pure chance); a row is [id, stratum, unit, weight]."""

    def ticket(stratum, row):
        return hmac.new(seed, f"obj|{stratum}|{row[0]}".encode(), hashlib.sha256).hexdigest()

    def position(stratum, row, weight):  # -ln(u) / weight
        u = DIGITS.divide(Decimal(2 * int(ticket(stratum, row)[:32], 16) + 1), Decimal(2**129))
        return DIGITS.divide(-DIGITS.ln(u), Decimal(weight)), row[0]

    drawn = {}
    for stratum in {r[1] for r in rows}:
        own = sorted((r for r in rows if r[1] == stratum), key=lambda r: position(stratum, r, r[3]))
        for row in own[: plan["counts"].get(stratum, 0)]:
            drawn[row[0]] = (stratum, ticket(stratum, row), False)
    rest = sorted((r for r in rows if r[0] not in drawn), key=lambda r: position("*", r, 1))
    for row in rest[: plan["reserve"]]:
        drawn[row[0]] = (row[1], ticket("*", row), True)
    return dict(sorted(drawn.items(), key=lambda item: (item[1][1], item[0])))


def staff(seed, plan, drawn, units, inspectors, load, officers):
    """Gives whoever has none yet the least loaded officers; a row is [id, department, unit, valid until, load, most, avoid, visited]."""
    for one in drawn:
        if one in officers:
            continue
        officers[one] = {}
        for department in plan["departments"]:
            able = [
                (load[r[0]], hmac.new(seed, f"ins|{one}|{r[0]}".encode(), hashlib.sha256).digest(), r[0])
                for r in inspectors
                if r[1] == department and r[3] >= plan["until"] and r[2] in ("", units[one])
                and one not in r[6] and one not in r[7] and load[r[0]] < r[5]
            ]  # fmt: skip
            officers[one][department] = [name for _, _, name in sorted(able)[: plan["officers"]]]
            for name in officers[one][department]:
                load[name] += 1


def verify(told):
    """What is wrong with a draw, as pairs of sentences (Chinese, English); nothing where it is as it should be."""
    plan, nonce = told["plan"], bytes.fromhex(told["nonce"])
    lists = [("objects", "对象名录", "list of subjects")]
    whole = "inspectors" in told  # the public version leaves out who has which conflict of interest
    if whole:
        lists.append(("inspectors", "人员名录", "list of inspectors"))
    for name, zh, en in lists:
        if list_hash(told[name]) != told[f"{name}_sha256"]:
            yield (
                f"{zh}与公示的哈希不一致，名录被改动过。",
                f"The {en} doesn't have the hash that was published: it was changed.",
            )
    bound = bytes.fromhex(told["objects_sha256"]) + bytes.fromhex(told["inspectors_sha256"]) + one_spelling(plan)
    if len(nonce) != 32 or hashlib.sha256(nonce + bound).hexdigest() != told["commit"]:
        yield (
            "承诺值与随机数、名录、规则不符：封存之后有内容被改动过。",
            "The commit doesn't fit the nonce, the lists and the plan: something was changed after the sealing.",
        )
    if plan["draw_id"] != told["draw_id"]:
        yield "规则中的抽取编号与本次抽取不同。", "The plan is that of another draw."
    if not told["sealed_at"] < plan["public_at"] <= told["drawn_at"]:
        yield (
            "公共随机数不是在封存之后、抽取之前产生的。",
            "The public number didn't come after the sealing and before the draw.",
        )

    seed = hashlib.sha256(nonce + told["public"].strip().encode() + told["draw_id"].encode()).digest()
    rows, officers = told["objects"], {}
    units = {r[0]: r[2] for r in rows}
    inspectors = told.get("inspectors", [])
    load = {r[0]: r[4] for r in inspectors}
    drawn = objects_drawn(seed, plan, rows)
    staff(seed, plan, drawn, units, inspectors, load, officers)
    for gone in told["removed"]:
        rows = [r for r in rows if r[0] != gone["id"]]
        for names in officers.pop(gone["id"], {}).values():
            for name in names:
                load[name] -= 1
        drawn = objects_drawn(seed, plan, rows)
        staff(seed, plan, drawn, units, inspectors, load, officers)

    listed = {p["id"]: (p["stratum"], p["ticket"], p["reserve"]) for p in told["picks"]}
    for one in drawn.keys() - listed.keys():
        yield f"{one} 应被抽中，但不在结果中。", f"{one} should have been drawn and isn't among the results."
    for one in listed.keys() - drawn.keys():
        yield f"{one} 在结果中，但不应被抽中。", f"{one} is among the results and should not have been drawn."
    for one in drawn.keys() & listed.keys():
        if drawn[one] != listed[one]:
            yield f"{one} 的抽签值或分层与重算不符。", f"{one} has another ticket or stratum than it should."
    if whole:
        for pick in told["picks"]:
            if pick["id"] in drawn and pick["officers"] != officers[pick["id"]]:
                yield f"{pick['id']} 的检查人员与重算不符。", f"{pick['id']} has other officers than it should."


def main(path):
    with open(path, encoding="utf-8") as file:
        told = json.load(file)
    wrong = list(verify(told))
    for zh, en in wrong:
        print(zh, en, sep="\n")  # noqa: T201
    if not wrong:
        part = "" if "inspectors" in told else "（公开版不含人员名录，仅复核对象）"
        only = "" if "inspectors" in told else " (the public version has no inspectors: subjects only)"
        print(f"复核通过：{told['number']}，{len(told['objects'])} 个对象中抽取 {len(told['picks'])} 个{part}。")  # noqa: T201
        print(f"Verified: {told['number']}, {len(told['picks'])} of {len(told['objects'])} subjects{only}.")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
