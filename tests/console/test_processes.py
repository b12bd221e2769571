"""Which processes an organisation has: two for each service, and those of the post."""

from services.console.installation import Installation, Member
from services.console.processes import Processes


def test_mail_in_is_a_process_of_its_own_where_an_address_is_named(tmp_path):
    env = {"ORGANISATION": "lead", "POST_IN_ADDRESSES": "patti@rete.example"}
    members = (
        Member("lead", ("people", "notify"), env),
        Member("partner", ("notify",), {"ORGANISATION": "partner"}),
    )
    processes = Processes(Installation(members), tmp_path)
    try:
        assert [process.name for process in processes.all] == [
            "lead/people serve",
            "lead/people courier",
            "lead/notify serve",
            "lead/notify courier",
            "lead/notify post_in",
            "partner/notify serve",
            "partner/notify courier",
        ]
    finally:
        processes.stop()
