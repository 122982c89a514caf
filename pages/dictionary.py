from ui import begin

screen = begin("dictionary")
