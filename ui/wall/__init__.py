"""大屏轮播: slides for a screen on a wall, one message each, readable from five metres.

The server makes all slides of a unit at once, and again only when something has changed; the browser turns them over by
itself. So a slide that comes up costs the server nothing, and a picture stays when the server is away.
"""

from ui.wall.routes import ROUTES

__all__ = ["ROUTES"]
