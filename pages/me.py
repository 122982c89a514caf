"""我的登录: where I am logged in, ending the others, my password, and what I may do."""

from ui import begin
from ui.accounts import me

screen = begin("me")

me.show(screen)
