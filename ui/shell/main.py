"""The script behind every page: which pages the visitor sees, then the one that was asked for.

It stands in a folder of its own so that Streamlit doesn't take `pages/` beside it for pages to run by themselves.
"""

from ui import paper
from ui.screen import navigation

navigation().run()
paper.draw()
