"""数据上报: a file comes in, is checked, mended, and committed whole; below, what was handed in before."""

from ui import begin, upload
from ui.history import history

#: What is shown of a file, however it stands.
PARTS = {
    "under_way": (upload.progress,),
    "refused": (upload.told,),
    "checked": (upload.told, upload.found, upload.columns, upload.findings, upload.commit),
    "stored": (upload.done,),
}

screen = begin("upload")

work = upload.choose(screen)
if work:
    for part in PARTS[work.state]:
        part(screen, work)
history(screen)
