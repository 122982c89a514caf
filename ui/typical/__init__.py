"""The parts of 典型案例: the shelf with its search, one typical case, writing on it, deciding, taking it over and out."""
