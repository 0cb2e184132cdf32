"""消息: what waits for me, then what became of what is mine (`?show=unread`, `?about=claim`)."""

from components import inbox
from components.filters import toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from models.database import session
from models.queries.mails import own_mails
from models.queries.messages import messages, unread_messages
from models.queries.turns import turns_of
from models.rules.roles import Permission

visit = open_page(Permission.see_inbox)
inbox.tell_news()
title_row(_("消息"))

with session() as current:
    turns = turns_of(current, visit.actor, visit.today)
    unread = unread_messages(current, visit.actor)
    inbox.draw_turns(turns)
    with toolbar():
        wanted = inbox.asked_filter(current, visit, unread)
        page = messages(current, visit.actor, wanted, inbox.before_asked())
        inbox.draw_read_all(page, wanted, unread)
        inbox.draw_mail_choice(own_mails(current, visit.actor))
inbox.draw_messages(visit, page)
