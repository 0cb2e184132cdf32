"""The table of settings: names are unique, and every default lies within its own bounds."""

from models.rules.claim_facts import ReviewSettings
from models.rules.settings import SETTING_OF, SETTINGS


def test_keys_are_unique_and_every_default_is_allowed() -> None:
    assert len(SETTING_OF) == len(SETTINGS)
    for setting in SETTINGS:
        if isinstance(setting.default, int):
            assert setting.lowest <= setting.default <= setting.highest, setting.key
        if setting.choices:
            assert setting.default in setting.choices, setting.key


def test_the_findings_settings_have_the_findings_defaults() -> None:
    defaults = ReviewSettings()
    for name in ReviewSettings.__slots__:
        assert SETTING_OF[name].default == getattr(defaults, name)
