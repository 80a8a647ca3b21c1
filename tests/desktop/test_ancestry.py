"""Who stands behind a process that wants to answer: agents are refused, and so is whoever hides where it comes from."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from approver_home import APPROVER, ASK_ALL, ApproverHome
from eventually import eventually

from approver.desktop import ancestry
from approver.desktop.ancestry import CannotTell, Process, clients_behind, find_process, lineage, why_refused
from approver.journal.reader import Reader

SERVERS = Path(__file__).parents[1] / "servers"
INIT = Process(1, 0, "systemd", 1)
USER_MANAGER = Process(2, 1, "systemd", 10, "", 2)
SHELL_OF_DESKTOP = Process(3, 2, "gnome-shell", 20, "", 3)
APPS = "/user.slice/user-1000.slice/user@1000.service/app.slice"
AGENT = Process(10, 3, "claude", 100, "", 3, "", 1000, f"{APPS}/app-claude.scope")
AGENTS_SHELL = Process(11, 10, "bash", 200, "", 3)


def chain(*processes: Process) -> tuple[Process, ...]:
    """A chain that ends where all do."""
    return (*processes, INIT)


# -- may it answer? ----------------------------------------------------------------------------------------------------


def person(started: float = 300.0, *, shell: str = "bash", parent: int = 21) -> Process:
    """A command in a person's own terminal."""
    return Process(30, parent, shell, started, "pts/1", 30)


def test_a_terminal_of_the_persons_own_may_answer() -> None:
    terminal = Process(21, 3, "kitty", 250, "", 3)
    assert why_refused(chain(person(), terminal, SHELL_OF_DESKTOP, USER_MANAGER), [AGENT]) is None


def test_a_terminal_that_a_session_manager_started_apart_from_the_client_may_answer() -> None:
    terminal = Process(21, 2, "gnome-terminal-", 250, "", 21, "", 1000, f"{APPS}/gnome-terminal-server.service")
    assert why_refused(chain(person(), terminal, USER_MANAGER), [AGENT]) is None


@pytest.mark.parametrize("group", ["", AGENT.group, f"{AGENT.group}/sub"])
@pytest.mark.parametrize("name", ["konsole", "tmux: server", "xterm"])
def test_what_only_has_the_name_of_a_terminal_may_not_answer(group: str, name: str) -> None:
    made_up = Process(21, 2, name, 250, "pts/9", 21, "/usr/bin/xterm", 1000, group)
    refusal = why_refused(chain(person(), made_up, USER_MANAGER), [AGENT])
    assert refusal is not None
    assert "it has no parent left" in refusal
    assert "open before the first client" in refusal


def test_where_a_client_has_no_group_of_its_own_no_terminal_is_apart_from_it() -> None:
    terminal = Process(21, 2, "konsole", 250, "", 21, "", 1000, f"{APPS}/app-konsole.scope")
    assert why_refused(chain(person(), terminal, USER_MANAGER), [AGENT, replace(AGENT, pid=50, group="")]) is not None


def test_a_login_is_believed_of_root_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ancestry.os, "getuid", lambda: 1000)
    login = Process(21, 1, "login", 250, "tty2", 21, "", 0)
    assert why_refused(chain(person(), login), [AGENT]) is None
    for owner in (1000, None):
        assert why_refused(chain(person(), replace(login, owner=owner)), [AGENT]) is not None
    monkeypatch.setattr(ancestry.os, "getuid", lambda: 0)
    assert why_refused(chain(person(), login), [AGENT]) is not None, "where the person is root, so is the agent"


def test_nobody_sits_before_what_runs_at_a_time_told_earlier() -> None:
    cron, job = Process(21, 1, "cron", 5, "", 21, "", 0), Process(22, 21, "cron", 300, "", 21, "", 0)
    refusal = why_refused(chain(Process(30, 22, "sh", 300, "", 30), job, cron), [AGENT])
    assert refusal is not None and refusal.startswith("This was started by cron")


def test_a_login_older_than_every_client_may_answer() -> None:
    login = Process(21, 1, "my-own-login", 50, "tty1", 21)
    assert why_refused(chain(person(), login), [AGENT]) is None


def test_without_a_client_anybody_may_answer() -> None:
    assert why_refused(chain(Process(30, 1, "cron-job", 300)), []) is None


@pytest.mark.parametrize("chain", [(INIT,), (person(), Process(21, 0, "entered", 300, "", 21))])
def test_who_came_from_outside_the_container_may_answer(chain) -> None:
    assert why_refused(chain, [AGENT]) is None


def test_what_a_client_started_may_not_answer_and_is_told_why() -> None:
    asks = Process(12, 11, "python3", 300, "", 3)
    refusal = why_refused(chain(asks, AGENTS_SHELL, AGENT, SHELL_OF_DESKTOP, USER_MANAGER), [AGENT])
    assert refusal.startswith("This process was started by a connected client (claude, process 10). ")
    assert "in a terminal of your own" in refusal


def test_a_client_itself_may_not_answer() -> None:
    assert why_refused(chain(AGENT, SHELL_OF_DESKTOP), [AGENT]) is not None


def test_a_process_that_has_the_number_of_a_client_that_ended_is_not_that_client() -> None:
    later = Process(10, 3, "kitty", 290, "", 3)
    assert why_refused(chain(person(parent=10), later, SHELL_OF_DESKTOP), [AGENT]) is None


@pytest.mark.parametrize(
    "orphaned",
    [
        chain(Process(12, 1, "python3", 300, "", 12)),
        chain(Process(12, 1, "python3", 300, "", 3)),
        chain(Process(13, 12, "python3", 300, "", 12), Process(12, 1, "sh", 300, "", 12)),
        chain(Process(12, 2, "python3", 300, "", 12), USER_MANAGER),
        chain(Process(12, 2, "python3", 300, "", 12), Process(2, 1, "lxqt-session", 10, "", 2)),
        chain(Process(12, 2, "python3", 300, "", 3), Process(2, 1, "a-reaper-unheard-of", 10, "", 2)),
        chain(Process(13, 12, "cat", 300, "", 3), Process(12, 2, "sh", 300, "", 3), Process(2, 1, "x", 10, "", 2)),
    ],
)
def test_a_process_that_cut_itself_off_from_its_parents_may_not_answer(orphaned) -> None:
    refusal = why_refused(orphaned, [AGENT])
    assert refusal is not None
    assert "it has no parent left" in refusal


def test_nobody_may_not_answer() -> None:
    assert why_refused((), [AGENT]) == "It cannot be told which process asks."


def test_with_several_clients_the_oldest_counts() -> None:
    younger = Process(40, 3, "cursor", 400)
    between = chain(Process(30, 1, "detached", 300))
    assert why_refused(between, [younger]) is None
    assert why_refused(between, [younger, AGENT]) is not None


# -- who is the client? ------------------------------------------------------------------------------------------------


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[int, Process]:
    """The processes there are."""
    processes = {process.pid: process for process in (INIT, USER_MANAGER, SHELL_OF_DESKTOP, AGENT)}

    def find(pid: int) -> Process:
        if pid not in processes:
            raise CannotTell(f"Process {pid} cannot be looked up.")
        return processes[pid]

    monkeypatch.setattr(ancestry, "find_process", find)
    return processes


def add(table: dict[int, Process], *processes: Process) -> None:
    table.update((process.pid, process) for process in processes)


def test_the_client_is_what_launched_the_shim(table) -> None:
    assert clients_behind(10) == (AGENT,)


def test_behind_a_wrapper_stands_the_client(table) -> None:
    npx, shell = Process(50, 10, "npx", 110, "", 3), Process(51, 50, "sh", 111, "", 3)
    add(table, npx, shell)
    assert clients_behind(51) == (shell, npx, AGENT)


def test_the_shell_in_which_a_person_started_their_agent_is_not_the_client(table) -> None:
    own_shell = Process(50, 3, "zsh", 90, "pts/2", 50)
    script = Process(51, 50, "bash", 110, "pts/2", 50)
    add(table, own_shell, script)
    assert clients_behind(51) == (script,)


def test_a_shell_that_launched_the_shim_itself_is_the_client(table) -> None:
    own_shell = Process(50, 3, "zsh", 90, "pts/2", 50)
    add(table, own_shell)
    assert clients_behind(50) == (own_shell,)


def test_what_started_the_client_is_not_the_client(table) -> None:
    harness = Process(60, 3, "pytest", 90, "", 60, "/usr/bin/python3.12")
    script = Process(61, 60, "sh", 91, "", 60, "/bin/dash")
    client = Process(62, 61, "agent", 92, "", 60, "/opt/agent")
    add(table, harness, script, client)
    assert clients_behind(62) == (client,)


def test_a_client_of_several_processes_counts_as_a_whole(table) -> None:
    program = "/usr/share/code/code"
    main = Process(60, 3, "code", 90, "", 60, program)
    zygote = Process(61, 60, "code", 91, "", 60, program)
    host = Process(62, 61, "code", 92, "", 60, program)
    add(table, main, zygote, host)
    assert clients_behind(62) == (host, zygote, main)
    terminal = Process(70, 60, "bash", 95, "pts/7", 70)
    assert why_refused((terminal, main, *chain(SHELL_OF_DESKTOP)), clients_behind(62)) is not None


@pytest.mark.parametrize("program", ["/usr/bin/python3.12", "/usr/bin/node", ""])
def test_a_parent_with_the_same_interpreter_is_another_program(table, program: str) -> None:
    launcher = Process(60, 3, "launcher", 90, "", 60, program)
    client = Process(61, 60, "client", 91, "", 60, program)
    add(table, launcher, client)
    assert clients_behind(61) == (client,)


def test_a_wrapper_without_anything_behind_it_is_all_there_is(table) -> None:
    add(table, Process(50, 49, "sh", 110), Process(51, 1, "sh", 110))
    assert clients_behind(50) == (table[50],)
    assert clients_behind(51) == (table[51],)
    assert clients_behind(1) == ()


# -- looking processes up ----------------------------------------------------------------------------------------------


def test_a_chain_leads_to_the_first_process(table) -> None:
    assert lineage(10) == (AGENT, SHELL_OF_DESKTOP, USER_MANAGER, INIT)


def test_a_chain_with_a_link_missing_cannot_be_told(table) -> None:
    add(table, Process(50, 49, "sh", 110))
    with pytest.raises(CannotTell, match="Process 49"):
        lineage(50)


def test_a_parent_younger_than_its_child_is_another_process_by_now(table) -> None:
    add(table, Process(50, 10, "sh", 99))
    with pytest.raises(CannotTell, match="younger than its child"):
        lineage(50)


def test_a_chain_that_never_ends_is_given_up(table) -> None:
    add(table, Process(50, 51, "a", 1), Process(51, 50, "b", 1))
    assert len(lineage(50)) == 128


def test_this_process_is_found_with_its_parent_and_its_session() -> None:
    found = find_process(os.getpid())
    assert (found.pid, found.parent, found.session) == (os.getpid(), os.getppid(), os.getsid(0))
    assert found.name
    assert find_process(os.getppid()).started <= found.started
    assert found.owner == os.getuid()


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("0::/user.slice/a.scope\n", "/user.slice/a.scope"),
        ("12:cpu:/x\n1:name=systemd:/user.slice/b.scope\n0::/\n", "/user.slice/b.scope"),
        ("9:name=systemd:/\n4:memory:/api/1\n0::/\n", ""),
        ("", ""),
    ],
)
def test_the_group_is_the_one_that_the_session_manager_chose(monkeypatch, text: str, group: str) -> None:
    monkeypatch.setattr(ancestry, "_text", lambda pid, file: text)
    assert ancestry._group(1) == group


def test_a_process_that_runs_as_several_users_has_no_owner(monkeypatch) -> None:
    monkeypatch.setattr(ancestry, "_text", lambda pid, file: "Name:\tsu\nUid:\t1000\t0\t0\t0\n")
    assert ancestry._owner(1) is None
    monkeypatch.undo()
    assert ancestry._owner(2**22 + 1) is None


@pytest.mark.parametrize("name", ["a b) R 1 (c", "((", ")", " "])
def test_a_process_cannot_hide_behind_a_name_of_brackets(name) -> None:
    program = "import sys; open('/proc/self/comm', 'w').write(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-S", "-c", program, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        found = find_process(process.pid)
        process.communicate()
    assert (found.name, found.parent) == (name, os.getpid())


def test_a_process_that_has_ended_cannot_be_told() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    with pytest.raises(CannotTell, match=rf"Process {ended.pid} cannot be looked up: No such"):
        find_process(ended.pid)


@pytest.mark.parametrize(
    ("device", "name"),
    [
        (0, ""),
        (os.makedev(136, 3), "pts/3"),
        (os.makedev(137, 1), "pts/257"),
        (os.makedev(4, 2), "tty2"),
        (os.makedev(5, 1), "5:1"),
    ],
)
def test_terminals_are_named_as_people_know_them(device, name) -> None:
    assert ancestry._terminal_name(device) == name


def test_on_macos_ps_tells(monkeypatch) -> None:
    line = "  501 502 ttys003  Sun Nov 22 10:00:00 2026 /Applications/My App.app/Contents/MacOS/My App\n"
    asked = []

    def run(command, **more):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, line)

    monkeypatch.setattr(ancestry.sys, "platform", "darwin")
    monkeypatch.setattr(ancestry.subprocess, "run", run)
    found = find_process(777)
    assert asked[0][-2:] == ["-p", "777"]
    assert (found.pid, found.parent, found.name, found.terminal) == (777, 501, "My App", "ttys003")
    assert found.owner == 502
    monkeypatch.setattr(ancestry.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, ""))
    with pytest.raises(CannotTell):
        find_process(777)


def test_where_the_system_does_not_say_it_cannot_be_told(monkeypatch) -> None:
    monkeypatch.setattr(ancestry.sys, "platform", "win32")
    with pytest.raises(CannotTell, match="does not say"):
        find_process(os.getpid())


# -- with real processes -----------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Iterator[ApproverHome]:
    home = ApproverHome(tmp_path)
    home.add_server("held", [sys.executable, str(SERVERS / "held_server.py")], ASK_ALL)
    home.serve()
    yield home
    home.close()


class Agent:
    """A connected client that runs what it is told in a shell."""

    def __init__(self, home: ApproverHome) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVERS / "held_agent.py"), "held"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=home.environment, cwd=home.work,
            start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout.readline() == "called\n"

    def run(self, command: str) -> dict:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


def test_a_connected_agent_cannot_approve_its_own_call_however_it_goes_about_it(home, tmp_path) -> None:
    agent = Agent(home)
    waiting = home.await_question("echo")["id"]
    approve = f"{' '.join(APPROVER)} approve {waiting}"
    for attempt in (approve, f"sh -c 'sh -c \"{approve}\"'", f"setsid -w {approve}", f"nohup {approve}"):
        tried = agent.run(attempt)
        assert tried["status"] == 1, attempt
        assert "started by a connected client" in tried["said"]
    named = "import subprocess, sys; open('/proc/self/comm', 'w').write('tmux: server'); "
    program = f"{named}subprocess.call(['sh', '-c', sys.argv[1]])"
    (tmp_path / "terminal").write_text(program, encoding="utf-8")
    as_terminal = f"setsid {sys.executable} -S {tmp_path / 'terminal'} '{{}}' {{}} &"
    detached = ["( {} ) {} &", "setsid sh -c '{}' {} &", "nohup sh -c '{}' {} &", "(setsid sh -c '({}) &' {} &) &"]
    detached.append(as_terminal)
    for number, attempt in enumerate(detached):
        said = tmp_path / f"said-{number}"
        # the pause of the shell in between: by the time the command looks around, its parents are gone
        command = (
            f"while kill -0 $PPID_OF_SHELL 2>/dev/null; do :; done; {approve} >{said}.new 2>&1; mv {said}.new {said}"
        )
        agent.run("export PPID_OF_SHELL=$$; " + attempt.format(command, "</dev/null >/dev/null 2>&1"))
        eventually(said.exists, f"attempt {number} has ended", within=20)
        text = said.read_text(encoding="utf-8")
        assert "it has no parent left" in text or "started by a connected client" in text, attempt
    assert [question["id"] for question in home.pending()] == [waiting], "nothing was approved"
    with Reader(home.path / "data" / "journal.db") as journal:
        notices = [row.entry.message for row in journal.notices(100)]
    assert sum("approver approve was refused" in message for message in notices) == 9
    assert home.run("approve", waiting).returncode == 0, "the person's own terminal may"
    agent.close()
