"""Runs the search over the lists of the store, and works out whom several departments supervise; keeps both.

The lists are those of the domains (whose lead department keeps them) and 部门监管对象名录, each department's own. Objects with
a credit code or a house number are the same by it; rows without are looked for among those that have one, then among
themselves. A house is found by its number alone.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pilotwatch.domain import Domain, Record, Text
from pilotwatch.identity import NAMESPACE, USCC, kind_of
from pilotwatch.inspection.objects.pairs import NAMES
from pilotwatch.inspection.objects.search import Found, search
from pilotwatch.inspection.objects.settle import AUTO, CLEAR, CLERICAL
from pilotwatch.places import Places
from pilotwatch.records import Inspection, ListedObject, PlannedCheck
from pilotwatch.reform.plans import planned_by, with_joint_task
from pilotwatch.registry import Registry
from pilotwatch.store import SYSTEM, Store
from pilotwatch.store import objects as shelf
from pilotwatch.workdays import today

DATASET = ListedObject.spec.dataset
REGISTER = "*"  # what the lists of the domains are called among the lists: the measure of all others
_ABOUT = ("name", "address", "phone", "person", "division_code", "lng", "lat")
_KEPT = ("subject_id", "record_key", "report_unit")

Progress = Callable[[Text, float], None]


def update(
    store: Store, found: Registry, places: Places, *, on: date | None = None, by: str = "system",
    told: Progress = lambda _step, _share: None,
) -> dict[str, Any]:  # fmt: skip
    """Searches all lists and keeps links, members and overlaps; returns the counts of the run.

    What persons confirmed stands, what they refused is not proposed again. The same lists give the same.
    """
    on, began = on or today(), time.process_time()
    rows = entries(store, found)
    said = shelf.verdicts(store)
    outcome = search(
        rows[rows["looked_for"]].drop(columns="looked_for"), places.without_division,
        confirmed=_said(said, "confirmed"), refused=_said(said, "refused"), told=told,
    )  # fmt: skip
    placed = _placed(rows, outcome.links)
    told(_OVERLAPS, 0.9)
    shared = overlapping(store, found, placed, on)
    links = _links(rows, placed, outcome.links)
    run = {
        "id": shelf.new_id(), "on_day": on, "by": by, "seconds": round(time.process_time() - began, 3), "entries": len(rows),
        "coded": int((rows["code"] != "").sum()), "pairs": outcome.compared, "linked": int((links["zone"] == "auto").sum()),
        "clerical": int(links.loc[links["zone"] == "clerical", "record_key"].nunique()), "overlaps": len(shared),
        "parameters": _parameters(outcome), "measured": outcome.measured, "said": len(said),
    }  # fmt: skip
    shelf.put(store, run, links, _members(placed), shared)
    return {
        n: run[n] for n in ("entries", "coded", "pairs", "linked", "clerical", "overlaps", "seconds", "measured")
    } | {"on": on.isoformat()}


def refresh(store: Store, found: Registry, *, on: date | None = None) -> int:
    """Works out anew what overlaps, with the links as they are; returns how many objects do."""
    members = shelf.all_members(store)
    placed = members.rename(columns={"subject_id": "object"}).assign(code="")
    shared = overlapping(store, found, placed, on or today())
    shelf.put_overlaps(store, shared)
    return len(shared)


# --- the lists --------------------------------------------------------------------------------------------------------


def entries(store: Store, found: Registry) -> pd.DataFrame:
    """Every row of every list: key, dataset, record_key, list, dept, object, row_subject, report_unit, code, what is
    compared, and whether it is looked for by name (`looked_for`): a house is not."""
    parts = [_of(store, record, domain) for domain, record in _lists(found)]
    parts.append(_of(store, found.dataset(DATASET), None))
    rows = pd.concat([p for p in parts if len(p)] or parts[-1:], ignore_index=True)
    rows["object"] = _own_objects(rows)
    return rows


def _lists(found: Registry) -> list[tuple[Domain, type[Record]]]:
    return [(d, r) for d in found.domains for r in d.subjects]


def _of(store: Store, record: type[Record], domain: Domain | None) -> pd.DataFrame:
    dataset, columns = record.spec.dataset, {c.name for c in record.columns()}
    # a house may be listed by its number, which is in a field of its own of the shared list
    codes = [f for f in record.spec.subject_fields if kind_of(record, f) != "name"]
    own = [
        n
        for n in dict.fromkeys(
            (*_ABOUT, *codes, *(("dept",) if domain is None else ()), *filter(None, [record.spec.name]))
        )
        if n in columns or n in ("lng", "lat", "division_code")
    ]
    rows = store.desk(SYSTEM).frame(dataset, [*_KEPT, *own])
    code = pd.Series("", index=rows.index, dtype=object)
    by_uscc = pd.Series(False, index=rows.index)
    for f in codes[::-1]:
        there = rows[f].notna()
        code = code.where(~there, rows[f].astype(object))
        by_uscc = by_uscc.where(~there, kind_of(record, f) == USCC)
    told = rows.reindex(columns=_ABOUT).astype(object)
    if record.spec.name and record.spec.name != "name":
        told["name"] = rows[record.spec.name].astype(object)
    told = told.where(told.notna(), "")
    about = {n: rows[n].to_numpy(float) if n in rows else np.nan for n in ("lng", "lat")}
    return told.assign(
        **about, key=dataset + "|" + rows["record_key"].astype(str), dataset=dataset, record_key=rows["record_key"].astype(str),
        list=REGISTER if domain else rows["dept"].astype(object), dept=domain.lead if domain else rows["dept"].astype(object),
        row_subject=rows["subject_id"].astype(str), report_unit=rows["report_unit"].astype(object).where(rows["report_unit"].notna(), ""),
        code=code, looked_for=(by_uscc | (code == "")).to_numpy(bool),
    )  # fmt: skip


def _own_objects(rows: pd.DataFrame) -> np.ndarray:
    """The object of each row by itself: its subject; of rows without a code that only share a name, one each."""
    bare = (rows["code"] == "").to_numpy()
    shared = bare & rows["row_subject"].where(bare).duplicated(keep=False).to_numpy()
    own = rows["row_subject"].to_numpy(object).copy()
    own[shared] = [str(uuid.uuid5(NAMESPACE, f"object:{k}")) for k in rows["key"][shared]]
    return own


def _said(said: pd.DataFrame, verdict: str) -> set[tuple[str, str]]:
    rows = said[said["verdict"] == verdict]
    return set(zip(rows["dataset"] + "|" + rows["record_key"], rows["subject_id"], strict=True))


# --- what is kept -----------------------------------------------------------------------------------------------------


def _placed(rows: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The rows under the object they are taken for, and how that is known."""
    own = rows.set_index("key")["object"]
    auto = links[links["zone"] == "auto"]
    to = auto["object"].where(auto["top"].isna() | (auto["top"] == ""), auto["top"].map(own)).set_axis(auto["row"])
    taken = rows["key"].map(to)
    how = np.select([taken.notna(), rows["code"] != ""], ["link", "code"], "self")
    return rows.assign(object=taken.where(taken.notna(), rows["object"]), how=how)


def _links(rows: pd.DataFrame, placed: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The links as the table has them; the object of an automatic one is that under which the row was put."""
    by = rows.set_index("key")
    put = placed.set_index("key")["object"]
    thing = links["object"].where(links["zone"] != "auto", links["row"].map(put))
    row, other = by.loc[links["row"]], by.loc[links["other"]]
    return pd.DataFrame(
        {
            "subject_id": thing.to_numpy(object),
            "id": [str(uuid.uuid5(NAMESPACE, f"link:{r}:{o}")) for r, o in zip(links["row"], thing, strict=True)],
            "dataset": row["dataset"].to_numpy(object), "record_key": row["record_key"].to_numpy(object),
            "row_subject": row["row_subject"].to_numpy(object), "row_unit": row["report_unit"].to_numpy(object),
            "row_dept": row["dept"].to_numpy(object), "object_dataset": other["dataset"].to_numpy(object),
            "object_key": other["record_key"].to_numpy(object), "object_dept": other["dept"].to_numpy(object),
            "report_unit": other["report_unit"].to_numpy(object), "weight": links["weight"].to_numpy(float),
            "probability": links["probability"].to_numpy(float), "zone": links["zone"].to_numpy(object),
            "reasons": [json.dumps(r) for r in links["reasons"]],
        }
    ).drop_duplicates("id", ignore_index=True)  # fmt: skip


def _members(placed: pd.DataFrame) -> pd.DataFrame:
    names = {"object": "subject_id"}
    columns = ["subject_id", "dataset", "record_key", "row_subject", "dept", "how", "report_unit", "name"]
    return placed.rename(columns=names)[columns]


def _parameters(outcome: Found) -> dict[str, Any]:
    told: dict[str, Any] = {"auto": AUTO, "clerical": CLERICAL, "clear_bits": CLEAR, "left_out": dict(outcome.left_out)}
    if outcome.model:
        told |= {"prior": outcome.model.prior, "rounds": outcome.model.rounds}
        told["bits"] = {n: [round(float(b), 3) for b in w] for n, w in zip(NAMES, outcome.model.weights(), strict=True)}
    return told


# --- whom several departments supervise -----------------------------------------------------------------------------------


def overlapping(store: Store, found: Registry, placed: pd.DataFrame, on: date) -> pd.DataFrame:
    """The objects that two or more departments have in their lists or planned for within twelve months, with whether a
    joint task brings them there: the columns of ObjectOverlap. `placed`: the rows of the lists under their objects.

    By plans it is what REF-16 counts, told by object; by lists it is task 3 of the policy.
    """
    desk = store.desk(SYSTEM)
    fields = {
        PlannedCheck: ["dept", "trigger", "window_from", "window_until", "published_on", "task_no", "mergeable", "items", "item_code"],
        Inspection: ["scan_id", "task_no", "depts", "items", "joint", "trigger", "inspected_on", "scan_in_at", "exempt_reason", "result", "problems", "rating", "off_site", "published_on"],
    }  # fmt: skip
    frames = {r.spec.dataset: desk.frame(r.spec.dataset, ["subject_id", *names]) for r, names in fields.items()}
    counted = planned_by(frames, on)
    in_ref16 = set(counted.loc[counted.groupby("subject_id")["dept"].transform("nunique") >= 2, "subject_id"])
    tasks = with_joint_task(frames, on)
    to = _principals(placed)
    lists = placed[["object", "dept"]].drop_duplicates()
    plans = counted.assign(object=counted["subject_id"].map(to).fillna(counted["subject_id"]))[
        ["object", "dept"]
    ].drop_duplicates()
    both = pd.concat([lists.assign(by="lists"), plans.assign(by="plans")], ignore_index=True)
    number = both.groupby("object")["dept"].nunique()
    several = both[both["object"].isin(number.index[number >= 2])]
    named = {by: rows.groupby("object")["dept"].agg(lambda d: sorted(set(d))) for by, rows in several.groupby("by")}
    objects = pd.Index(sorted(several["object"].unique()), name="subject_id")
    task = (
        tasks.assign(object=tasks["subject_id"].map(to).fillna(tasks["subject_id"]))
        .drop_duplicates("object")
        .set_index("object")["task_no"]
    )
    about = _about(store, found, placed).reindex(objects)
    told = pd.DataFrame(
        {
            **{n: about[n].fillna("").to_numpy(object) for n in ("domain", "code", "name", "report_unit")},
            "departments": number.reindex(objects).to_numpy(np.int64),
            **{by: [json.dumps(named[by].get(o, []) if by in named else []) for o in objects] for by in ("lists", "plans")},
            "counted": [o in in_ref16 for o in objects], "task": objects.isin(task.index),
            "task_no": task.reindex(objects).fillna("").to_numpy(object), "on_day": on,
        },
        index=objects,
    )  # fmt: skip
    return told.reset_index()


def _principals(placed: pd.DataFrame) -> Mapping[str, str]:
    """Subject → object, of subjects whose rows are all of one object."""
    pairs = placed[["row_subject", "object"]].drop_duplicates()
    return pairs[~pairs["row_subject"].duplicated(keep=False)].set_index("row_subject")["object"]


def _about(store: Store, found: Registry, placed: pd.DataFrame) -> pd.DataFrame:
    """What an object is called and where it is: as its domain's list says, else as a department's does."""
    owners = {r.spec.dataset: d.name for d, r in _lists(found)}
    listed = store.desk(SYSTEM).subjects(["subject_id", "dataset", "code", "name", "report_unit"])
    listed = listed.assign(domain=listed["dataset"].map(owners)).dropna(subset="domain")
    other = placed.rename(columns={"object": "subject_id"})[["subject_id", "code", "name", "report_unit"]].assign(
        domain=""
    )
    every = pd.concat([listed.drop(columns="dataset"), other], ignore_index=True)
    return every.drop_duplicates("subject_id").set_index("subject_id")


_OVERLAPS = Text("找出多部门重合对象", "Finding whom several departments supervise")
