"""The parts of 试点评估: what is looked at, the lines of the period, the effect of the pilot."""
