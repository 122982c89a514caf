"""What joint visits saved, what past visits could have been merged, what a visit would repeat, and whether less checking
cost safety.

`saved` and `missed` read the records, `guard` looks before a visit, `safety` holds visits against what happened; `keep`
keeps what they find in step with every upload. All rules of merging stand in `past`, all limits of the guard in `limits`.

Plans and draws ask `ask.guard(desk, subject, day, department, matter)` before a visit, `ask.guard_all` for many at once.
"""

#: Whose sums they are among the figures of periods.
NAME = "ledger"

__all__ = ["NAME"]
