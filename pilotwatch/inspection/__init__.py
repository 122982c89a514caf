"""综合查一次: what is due to be checked, the plan of joint visits, the draw, the visits, and what they saved.

One subpackage for each part: `matters` and `objects` (what may be checked, and whom), `draw` and `tasks` (who is drawn, and
how a visit is carried out), `ledger` (what was saved). The modules here make the checks that are due into a plan and keep it.
"""
