"""数据上报: a file comes in, is checked, mended, and committed whole; below, what was handed in before."""

from ui import begin, upload
from ui.history import history

screen = begin("upload")

work = upload.choose(screen)
if work:
    for part in upload.PARTS[work.state]:
        part(screen, work)
history(screen)
