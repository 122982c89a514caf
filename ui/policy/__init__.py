"""The parts of 政策任务台账: all tasks by unit, and one task of one unit with its entries."""
