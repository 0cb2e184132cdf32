"""城市目标: what the five plans promised, city by city, and what became of it."""

from components import target_list as targets
from components.cache import targets_on
from components.filters import toolbar
from components.language import _
from components.look import title_row
from components.shell import open_page
from components.target_panel import draw_target, target_asked
from models.rules.roles import Permission

visit = open_page(Permission.see_targets)
lines = targets_on(visit.today)

title_row(_("城市目标"), targets.summary(lines))
targets.stop_where_empty(lines)
top = toolbar()
with top:
    view = targets.view_asked()

if view is targets.View.path:
    with top:
        line = target_asked(lines)
    draw_target(visit, line)
elif view is targets.View.indicator:
    with top:
        shown = targets.of_one_indicator(lines)
    targets.draw_targets(shown, is_one_indicator=True)
else:
    with targets.filter_row():
        shown = targets.filtered(lines)
    with top:
        targets.draw_buttons(shown)
    targets.draw_headline(lines)
    targets.draw_targets(shown)
