"""Problems as people read them, collected in the order of the file."""

from approver.policy.positions import Fault, read
from approver.policy.problems import PolicyInvalid, Problem, Report


def test_a_problem_reads_as_one_line() -> None:
    problem = Problem("/tools/x/deny_if/0/op", 'unknown operator "mathces"', 'Did you mean "regex"?', 13, 24)
    line = 'line 13, column 24: /tools/x/deny_if/0/op: unknown operator "mathces". Did you mean "regex"?'
    assert str(problem) == line


def test_what_a_problem_lacks_is_left_out() -> None:
    assert str(Problem("", "this is not JSON")) == "this is not JSON."


def test_an_invalid_policy_says_all_of_its_problems() -> None:
    invalid = PolicyInvalid([Problem("/a", "one"), Problem("/b", "two")])
    assert [problem.pointer for problem in invalid.problems] == ["/a", "/b"]
    assert str(invalid) == "/a: one.\n/b: two."


def test_problems_come_in_the_order_of_the_text() -> None:
    report = Report(read('{"a": 1,\n "b": 2}'))
    report.add("/b", 10, "second", "Mend it.", ("",))
    report.add("/a", 1, "first")
    assert report.problems == (Problem("/a", "first", "", 1, 2), Problem("/b", "second", "Mend it.", 2, 2, ("",)))


def test_a_report_of_a_part_takes_only_that_parts_faults_and_counts_pointers_from_there() -> None:
    faults = [Fault(pointer, "odd", "", 0) for pointer in ("/policy", "/policy/tools/x", "/policies/y", "/cases/0")]
    part = Report(read("{}"), "/policy")
    part.add_faults(faults)
    assert [problem.pointer for problem in part.problems] == ["/tools/x"]
    whole = Report(read("{}"))
    whole.add_faults(faults)
    assert [problem.pointer for problem in whole.problems] == ["/policy", "/policy/tools/x", "/policies/y", "/cases/0"]
