"""Every table says in one line how it is cut for a look back."""

from __future__ import annotations

from pilotwatch.store.cuts import CUTS, untold
from pilotwatch.store.metadata import metadata


def test_every_table_has_a_rule_and_no_rule_is_of_a_table_that_is_gone():
    assert set(CUTS) == set(metadata.tables)


def test_rules_name_columns_that_there_are():
    for name, rule in CUTS.items():
        columns = set(metadata.tables[name].columns.keys())
        assert {rule.by} - {""} <= columns, name
        assert {*rule.undo, *(c for others in rule.undo.values() for c in others)} <= columns, name
        if rule.of:
            parent, pairs = rule.of
            theirs = set(metadata.tables[parent].columns.keys())
            assert {mine for mine, _ in pairs} <= columns, name
            assert {their for _, their in pairs} <= theirs, name


def test_a_moment_written_into_a_row_later_is_undone_or_the_row_isn_t_taken_over():
    """A column that says when something ended, was decided or undone tells of the future unless a rule empties it."""
    later = ("_at", "_on")
    begins = {"opened_on", "received_at", "on_day", "raised_on", "published_on", "last_on"}
    for name, rule in CUTS.items():
        if rule.kind not in ("known", "part"):
            continue
        told = {c.name for c in metadata.tables[name].columns if c.nullable and c.name.endswith(later)}
        forgotten = told - {rule.by, *rule.undo, *(c for others in rule.undo.values() for c in others)} - begins
        assert forgotten <= _SETTLED.get(name, set()), name


#: Settled otherwise: told again from events, or a day that was said when the row was made.
_SETTLED = {
    "warning": {"better_on"},
    "draw": {"public_at"},
    "batch": set(),
}


def test_what_cannot_be_told_is_said_in_both_languages():
    assert all(t.zh and t.en and t.zh != t.en for t in untold())
    assert len(untold()) > 5
