"""Cells to values: what a text in a spreadsheet means in a column of a given kind.

Every reader takes one text and gives a `Value`: what it means, or the rule it breaks and what was expected instead.
`read_column` does the same for a whole column.
"""

from pilotwatch.intake.values.cells import Around, Value
from pilotwatch.intake.values.columns import RULE_NUMBER, RULES, Cells, arrow_type, read_cell, read_column

__all__ = ["RULES", "RULE_NUMBER", "Around", "Cells", "Value", "arrow_type", "read_cell", "read_column"]
