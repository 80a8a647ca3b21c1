"""What is covered before it is written down, what is not, and that nothing under a secret key gets out."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.masking import mask_arguments, mask_text, names_a_secret

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
SECRET_KEYS = st.sampled_from(
    ["password", "apiKey", "X-Api-Key", "access_token", "Authorization", "client_secret", "PRIVATE_KEY", "Set-Cookie"]
)
PLAIN_KEYS = st.sampled_from(["path", "max_tokens", "author", "tokenizer", "query", "0"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT | SECRET_KEYS, inner, max_size=4),
)
SOUNDS_SECRET = """
password Password db_password dbPassword user.password password2 passwd passphrase pwd secret secrets client_secret
clientSecret secret_id token access_token accessToken accesstoken GITHUB_TOKEN refreshToken api_tokens tokens
oauthToken csrf_token bot_token api_key apiKey APIKey apikey api-keys X-Api-Key openai_api_key private_key privateKey
ssh_key signing_key aws_secret_access_key AWS_SESSION_TOKEN subscription-key authorization Proxy-Authorization auth
basic_auth authorization_code cookie Set-Cookie cookies credential credentials bearer jwt pass db_pass pin otp cvv
pass_word passCode keystorePassword
"""
SOUNDS_LIKE_IT_ONLY = """
max_tokens maxTokens token_count tokenCount tokenizer tokenized detokenize prompt_tokens next_page_token pageToken
eos_token_id token_ids token_type token_endpoint tokenLimit author authors authority authenticated authorization_url
auth_type password_policy passwordLength secret_name private_key_path primary_key public_key key keys keyboard monkey
sort_key cookie_policy compass passage first_pass pass_rate spin pinned spinner path query content codeword word code
phrase secretary passed bypass
"""
HARMLESS = (None, True, False, "", [], {})


def written_out(short: str) -> str:
    """The text with each `<7>` replaced by the mask of 7 characters."""
    return re.sub(r"<(\d+)>", lambda number: f"••• ({number[1]} character{'s'[: number[1] != '1']} hidden)", short)


@pytest.mark.parametrize(
    "key",
    SOUNDS_SECRET.split(),
)
def test_keys_that_name_a_secret_cover_their_value(key: str) -> None:
    assert mask_arguments({key: "hunter2"}) == {key: "••• (7 characters hidden)"}


@pytest.mark.parametrize(
    "key",
    SOUNDS_LIKE_IT_ONLY.split(),
)
def test_keys_that_only_sound_like_it_cover_nothing(key: str) -> None:
    assert mask_arguments({key: "hunter2"}) == {key: "hunter2"}


def test_an_overlong_key_is_judged_like_any_other() -> None:
    assert names_a_secret("x" * 500 + "_password")
    assert not names_a_secret("x" * 500)


@pytest.mark.parametrize(
    ("value", "covered"),
    [
        ("x", "••• (1 character hidden)"),
        (1234, "••• (4 characters hidden)"),
        (1.5, "••• (3 characters hidden)"),
        (["a", "b"], "••• (9 characters hidden)"),
        ({"user": "ana", "pass": "é"}, "••• (25 characters hidden)"),
        ({"x": {1, 2}}, "••• (hidden)"),
        (None, None),
        (True, True),
        ("", ""),
        ([], []),
        ({}, {}),
    ],
)
def test_whatever_stands_under_a_secret_key_is_covered_whole(value: Any, covered: Any) -> None:
    assert mask_arguments({"secret": value}) == {"secret": covered}


def test_what_is_too_deep_or_too_long_to_count_is_covered_too() -> None:
    deep: Any = "hunter2"
    for _ in range(100_000):
        deep = [deep]
    assert mask_arguments({"secret": deep, "token": 10**5000}) == {"secret": "••• (hidden)", "token": "••• (hidden)"}


def test_counts_of_tokens_are_shown_but_lists_of_tokens_are_not() -> None:
    covered = mask_arguments({"tokens": 4096, "more": {"tokens": ["abc"], "token": 4096}})
    assert covered == {
        "tokens": 4096,
        "more": {"tokens": "••• (7 characters hidden)", "token": "••• (4 characters hidden)"},
    }


@pytest.mark.parametrize("naming", ["name", "key", "header"])
def test_values_that_are_named_beside_them_are_covered(naming: str) -> None:
    environment = [{naming: "DB_PASSWORD", "value": "hunter2"}, {naming: "HOME", "value": "/home/ana"}]
    covered = [{naming: "DB_PASSWORD", "value": "••• (7 characters hidden)"}, {naming: "HOME", "value": "/home/ana"}]
    assert mask_arguments({"env": environment, "name": ["password"]}) == {"env": covered, "name": ["password"]}


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Authorization: Bearer abcdefgh.ijk", "Authorization: Bearer <12>"),
        ("authorization: basic QWxhZGRpbjpvcGVu=", "authorization: basic <17>"),
        ("Authorization: 0123456789abcdef", "Authorization: <16>"),
        ("curl -H 'X-Api-Key: abc12345def'", "curl -H 'X-Api-Key: <11>'"),
        ("Cookie: sid=abc; theme=dark; rm -rf", "Cookie: <19>; rm -rf"),
        ("use sk-ant-api03-abcdefghijklmnop", "use sk-<26>"),
        ("sk_live_abcdefghij0123", "sk_live_<14>"),
        ("pk_test_abcdefghij0123", "pk_test_<14>"),
        ("ghp_0123456789abcdefghij", "ghp_<20>"),
        ("github_pat_0123456789abcdefghij", "github_pat_<20>"),
        ("xoxb-0123456789-abcdefghij", "xoxb-<21>"),
        ("AIzaSyA0123456789abcdefghijklmnopqrstuv", "AIza<35>"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIA<16>"),
        ("ASIAIOSFODNN7EXAMPLE", "ASIA<16>"),
        ("a eyJhbGciOi.eyJzdWIiOi.c2ln b", "a <26> b"),
        ("postgres://ana:p4ss@db/x", "postgres://ana:<4>@db/x"),
        ("https://ana:p@ss@db.example/x", "https://ana:<4>@db.example/x"),
        ("redis://:p4ss@db", "redis://:<4>@db"),
        ("https://x.example/?a=1&access_token=zzz&b=2", "https://x.example/?a=1&access_token=<3>&b=2"),
        ("export TOKEN=abc && rm -rf /", "export TOKEN=<3> && rm -rf /"),
        ("mysql --password hunter2 --user ana", "mysql --password <7> --user ana"),
        ("mysql --password='two words'", "mysql --password='<9>'"),
        ('mysql --password "two words"', 'mysql --password "<9>"'),
        ('connect(password = "two words")', 'connect(password = "<9>")'),
        ("Server=x;Password=abc;Timeout=5", "Server=x;Password=<3>;Timeout=5"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMII\nabc=\n-----END RSA PRIVATE KEY-----\nend",
            "-----BEGIN RSA PRIVATE KEY-----<34>-----END RSA PRIVATE KEY-----\nend",
        ),
        (r"-----BEGIN PRIVATE KEY-----\nMIIabc\n", "-----BEGIN PRIVATE KEY-----<10>"),
        ("İ password=x1", "İ password=<2>"),
        ("secret_token=a.b", "secret_token=<3>"),
        ("password=a password=b", "password=<1> password=<1>"),
    ],
)  # fmt: skip
def test_texts_that_look_secret_are_covered_and_what_is_around_them_stays(text: str, covered: str) -> None:
    assert mask_text(text) == written_out(covered)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the bearer of bad news",
        "basic functionality, basic arithmetics",
        "the password: must be 8 characters",
        "sk-learn-is-a-fine-library-indeed",
        "http://localhost:8080/a@b",
        "https://host:80/x?user=me@example.org",
        "max_tokens=100&author=ana",
        "token=get_token()",
        "password=$(rm -rf /)",
        "TOKEN=`reboot`",
        "password == other",
        "--password --user ana",
        "git push --token $TOKEN",
        "http://a:$(reboot)@x",
        "http://a:b;reboot;@x",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMIIabc\n",
        "eyJ is how JSON begins in base64",
        '{"key": "value", "author": {"token_count": "5"}}',
        '"password", and "token"',
        "password",
    ],
)
def test_texts_without_a_secret_are_left_alone(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("command", ["; rm -rf /", " && reboot", " | sh", " $(reboot)", " `reboot`", "\nreboot"])
@pytest.mark.parametrize("secret", ["Bearer abcdefgh1", "TOKEN=abc", "--token abc", "Cookie: a=b", "http://a:b@c"])
def test_a_command_behind_a_secret_is_never_covered(secret: str, command: str) -> None:
    assert mask_text(secret + command).endswith(command)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ('{"a": {"password" : "x\\"y", "b":1}}', '{"a": {"password" : "<4>", "b":1}}'),
        ('{"password":"x\\\\","cmd":"rm"}', '{"password":"<3>","cmd":"rm"}'),
        ('{"password":12345,"b":1}', '{"password":"<5>","b":1}'),
        ('{"secret":{"a":["]}",{}]},"b":1}', '{"secret":"<15>","b":1}'),
        ('{"secret":null,"token":[ ],"auth":{},"tokens":7}', '{"secret":null,"token":[ ],"auth":{},"tokens":7}'),
        ('{"password": ', '{"password": '),
        ('{"password": "unfinished', '{"password": "<10>'),
        ('{"secret": {"unfinished": ["', '{"secret": "<17>"'),
        ('{"secret": {"unfinished": 1', '{"secret": "<16>"'),
        ("{'password': \"it's\", 'x': None}", "{'password': \"<4>\", 'x': None}"),
        ("curl -d '{\"token\":\"abc\"}' x", "curl -d '{\"token\":\"<3>\"}' x"),
        ('5" disk: {"password": "abc"}', '5" disk: {"password": "<3>"}'),
        ('{"password": "a", "password": "bc"}', '{"password": "<1>", "password": "<2>"}'),
        ('{"api key": "abc"}', '{"api key": "<3>"}'),
        ('{"pin": "1234", "pinned": "1234"}', '{"pin": "<4>", "pinned": "1234"}'),
        ('{"token": "a \\"quoted\\": 1", "token": "b"}', '{"token": "<15>", "token": "<1>"}'),
        ('"{\\"password\\": \\"abc\\", \\"b\\": 1}"', '"{\\"password\\": \\"<3>\\", \\"b\\": 1}"'),
        ('"{\\"secret\\": {\\"a\\": \\"}\\"}}"', '"{\\"secret\\": \\"<14>\\"}"'),
        ('"{\\"secret\\": {\\"a\\": 1" more', '"{\\"secret\\": \\"<9>\\"" more'),
        ('"{\\"password\\": \\"abc" more', '"{\\"password\\": \\"<3>" more'),
        ('{"secret": {\\"a\\": 1}, "b": 2}', '{"secret": "<10>", "b": 2}'),
        ('"{\\"secret\\": {\\"a\\\\\\"\\": 1}}"', '"{\\"secret\\": \\"<14>\\"}"'),
    ],
)  # fmt: skip
def test_json_within_a_text_is_covered_within(text: str, covered: str) -> None:
    assert mask_text(text) == written_out(covered)


def test_a_text_that_looks_like_a_mask_is_covered() -> None:
    assert mask_text("••• (5 characters hidden)") == "••• (25 characters hidden)"
    assert mask_text("see ••• (hidden)") == "see ••• (12 characters hidden)"


def test_pieces_that_overlap_become_one() -> None:
    assert mask_text('{"password": "Bearer abcdefgh1"} ') == '{"password": "••• (16 characters hidden)"} '
    assert mask_text("token=sk-0123456789abcdefghij") == "token=••• (23 characters hidden)"
    assert mask_text("a://b:token=x@y z") == "a://b:••• (9 characters hidden) z"


def test_only_text_is_searched_and_the_original_stays_as_it_was() -> None:
    value = {"n": 5, "list": (1, "Bearer abcdefgh1"), "none": None}
    assert mask_arguments(value) == {"n": 5, "list": [1, "Bearer ••• (9 characters hidden)"], "none": None}
    assert value["list"] == (1, "Bearer abcdefgh1")
    assert mask_arguments("password=x1") == "password=••• (2 characters hidden)"


def test_depth_does_no_harm() -> None:
    deep: Any = {"password": "hunter2"}
    for _ in range(20_000):
        deep = [deep]
    covered = mask_arguments(deep)
    while isinstance(covered, list):
        (covered,) = covered
    assert covered == {"password": "••• (7 characters hidden)"}


def shape(value: Any) -> Any:
    """The value with nothing left but objects, lists and leaves; what stands under a secret key is one leaf."""
    if isinstance(value, dict):
        return {key: "leaf" if names_a_secret(key) or key == "value" else shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else "leaf"


@given(JSON_VALUES)
def test_the_shape_is_kept(value: Any) -> None:
    assert shape(mask_arguments(value)) == shape(value)


@given(JSON_VALUES, SECRET_KEYS, PLAIN_KEYS)
def test_nothing_under_a_secret_key_gets_out(value: Any, secret: str, plain: str) -> None:
    covered = mask_arguments({plain: [{secret: value}]})[plain][0][secret]
    assert covered in HARMLESS or covered.startswith("••• (")


@given(st.text("abcXYZ019{}[]\"'\\ :,\n•é\u2028", min_size=1), SECRET_KEYS, PLAIN_KEYS, st.integers(0, 3))
def test_nothing_under_a_secret_key_gets_out_of_json_within_json(
    value: str, secret: str, plain: str, deep: int
) -> None:
    def folded(inner: str) -> str:
        text = json.dumps({plain: 1, secret: inner, "behind": "this"})
        for _ in range(deep):
            text = json.dumps({plain: text})
        return text

    covered = mask_text(folded(f"kept-from-view{value}kept-from-view"))
    assert "kept-from-view" not in covered
    for _ in range(deep):
        covered = json.loads(covered)[plain]
    shown = json.loads(covered)
    assert shown.pop(secret).startswith("••• (")
    assert shown == {plain: 1, "behind": "this"}


@given(ANY_TEXT | st.text("password=:\"'\\{}[]•() tokenBearer-/@.\n"))
def test_no_text_whatever_makes_it_fail(text: str) -> None:
    assert isinstance(mask_text(text), str)


@pytest.mark.parametrize(
    "piece", ["\\", '"', '"password":"', '"token":{', "bearer ", "sk-", "a://b:", "password=", "•••"]
)
def test_the_work_grows_no_faster_than_the_text(piece: str) -> None:
    """Would take minutes if it were quadratic."""
    assert isinstance(mask_text(piece * (300_000 // len(piece))), str)
