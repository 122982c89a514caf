from ui import begin

screen = begin("upload")
