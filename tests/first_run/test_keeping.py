"""Secrets go where the person said, and nowhere else."""

from approver.clients.importing import Secret
from approver.clients.planning import Plan
from approver.first_run.keeping import Keeping, kept, told
from approver.model import HttpServer, StdioServer

SECRETS = (Secret("a-K", "K", "v"), Secret("a-L", "L"), Secret("w-T", "Authorization", "t"))
PLAN = Plan(
    servers=(
        StdioServer("a", "x", env={"K": "${keyring:a-K}", "L": "${keyring:a-L}", "M": "${keyring:mine}", "N": "n"}),
        HttpServer("w", "https://x", {"Authorization": "Bearer ${keyring:w-T}"}),
    ),
    secrets=SECRETS,
)


def values(plan: Plan) -> list[dict[str, str]]:
    return [dict(one.headers if isinstance(one, HttpServer) else one.env) for one in plan.servers]


def test_in_the_keyring_they_stay_references() -> None:
    assert kept(PLAN, Keeping.KEYRING) is PLAN


def test_in_the_file_they_are_plain_where_they_are_known() -> None:
    plan = kept(PLAN, Keeping.FILE)
    assert plan.secrets == ()
    assert values(plan) == [
        {"K": "v", "L": "${keyring:a-L}", "M": "${keyring:mine}", "N": "n"},
        {"Authorization": "Bearer t"},
    ]


def test_left_to_the_environment_variables_go_and_headers_stay() -> None:
    assert values(kept(PLAN, Keeping.ENVIRONMENT)) == [
        {"M": "${keyring:mine}", "N": "n"},
        {"Authorization": "Bearer t"},
    ]


def test_what_nobody_knows_is_known_once_it_is_told() -> None:
    assert told(PLAN, {"a-L": ""}).secrets == SECRETS
    typed = told(PLAN, {"a-L": "typed", "a-K": "other"})
    assert [secret.value for secret in typed.secrets] == ["v", "typed", "t"]
