"""会议模式: the promises and what became of them, one message a slide, for a room."""

from components.meeting_screen import draw_meeting
from components.shell import open_page
from models.rules.roles import Permission

visit = open_page(Permission.see_meeting)
draw_meeting(visit)
