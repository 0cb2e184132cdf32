"""Make a copy of the file ready for the admin: its own tables, and one user for every session.

`python -m bench.peers.django_admin.prepare 8`
"""

import os
import sys

import django

PASSWORD = "only-for-measuring"


def prepare(users: int) -> None:
    """Migrate Django's own apps and add the users `admin1`, `admin2`, …"""
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for number in range(1, users + 1):
        User.objects.create_superuser(f"admin{number}", "", PASSWORD)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peers.django_admin.settings")
    django.setup()
    prepare(int(sys.argv[1]))
