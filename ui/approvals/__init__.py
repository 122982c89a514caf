"""The parts of 数据审核: all cells of a month, deciding on them, one of them, the teams' reporting, what templates ask."""
