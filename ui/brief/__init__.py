"""The parts of 简报: what it is about, how it looks, taking it out."""
