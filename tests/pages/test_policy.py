"""政策任务台账: who sees which units, telling of proof, and what the figures say beside it."""

from __future__ import annotations

from pilotwatch import access
from pilotwatch.review import policy
from pilotwatch.workdays import today
from tests.pages.conftest import shown


def test_the_city_sees_every_task_of_every_unit(city, see):
    at = see("policy", "city", query={"task": "14"})
    assert not at.exception
    assert "共 180 个" in shown(at)  # 20 tasks and safeguards, 9 units
    assert "联合检查占比" in shown(at) and "实行跨部门联合检查" in shown(at)


def test_a_leader_tells_of_proof_and_it_stands(city, see):
    desk = city.desk(access.person(city.store, "tianshan"))
    found = policy.ledger(desk, city.settings.data, ["650102"], today())
    behind = [number for (number, _), s in found.items() if s.state == "lagging"]
    at = see("policy", "tianshan", query={"task": behind[0]})
    assert "共 20 个" in shown(at) and f"{len(behind)} 个滞后" in shown(at)
    at.text_area[0].set_value("第三批事项清单向社会公布")
    press(at, "保存")
    assert "成效佐证要有材料" in shown(at)
    at.text_input[0].set_value("乌天政办〔2026〕3号")
    press(at, "保存")
    assert not at.exception
    assert f"{len(behind) - 1} 个滞后" in shown(at) or "没有滞后" in shown(at)
    assert "乌天政办〔2026〕3号" in shown(at)
    at.text_input[-1].set_value("材料有误")
    press(at, "撤回一条")
    assert f"{len(behind)} 个滞后" in shown(at) and "已撤回：材料有误" in shown(at)


def test_in_english_and_for_who_may_only_read(city, see):
    at = see("policy", "commerce", language="en")
    assert not at.exception
    assert "Effect by" in shown(at) and not at.text_area


def press(at, label):
    next(b for b in at.button if b.label == label).click().run()
