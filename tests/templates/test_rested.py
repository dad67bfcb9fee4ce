"""Renderings share what is costly to make, and nothing that they do."""

from __future__ import annotations

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.data import Json
from promptreg.model.prompt import Message, Part, Source
from promptreg.templates import limits
from promptreg.templates.render import render_messages
from promptreg.templates.request import RenderAnswer, RenderRequest

COUNTING = (
    "{% set n = namespace(i=0) %}{% set c = cycler('a', 'b') %}{% set j = joiner(',') %}"
    "{% macro next() %}{% set n.i = n.i + 1 %}{{ j() }}{{ n.i }}{{ c.next() }}{% endmacro %}"
)
USING = "{% import 'count.j2' as x %}{{ x.next() }}{{ x.next() }}"
TEXTS = (
    "plain",
    "{{ a }}",
    "{{ missing }}",
    USING,
    "{% include 'part.j2' %}",
    "{% include 'none.j2' ignore missing %}-",
    "{% for i in range(3) %}{{ loop.index }}{% endfor %}{{ 1 / 0 }}",
    "{% for i in range(10000) %}{% for k in range(100) %}{% endfor %}{% endfor %}",
    "{{ [a, a]|join('|')|upper }}{{ a.keys }}",
)
FILES: tuple[dict[str, str], ...] = (
    {"count.j2": COUNTING, "part.j2": "one"},
    {"count.j2": COUNTING, "part.j2": "two"},
    {},
)


def rendered(text: str, files: dict[str, str] | None = None, **inputs: Json) -> RenderAnswer:
    turn = Message("user", (Part("text", Source((), inline=text)),), ())
    return render_messages(RenderRequest((turn,), "", files or {}, (), inputs))


def text_of(answer: RenderAnswer) -> str:
    assert answer.failure is None
    return answer.messages[0].text


def why(answer: RenderAnswer) -> str:
    assert answer.failure is not None
    return answer.failure.message


def test_what_an_import_counts_begins_anew_each_time() -> None:
    for _ in range(3):
        assert text_of(rendered(USING + USING, FILES[0])) == "1a,2b1a,2b"


def test_a_rendering_sees_the_files_of_its_own_request() -> None:
    seen = [text_of(rendered("{% include 'part.j2' %}", files)) for files in (*FILES[:2], FILES[0])]
    assert seen == ["one", "two", "one"]
    assert why(rendered("{% include 'part.j2' %}", FILES[2])) == "there is no template `part.j2`"


def test_a_file_that_changed_in_place_is_rendered_as_it_is_now() -> None:
    files = {"part.j2": "before"}
    assert text_of(rendered("{% include 'part.j2' %}", files)) == "before"
    files["part.j2"] = "after"
    assert text_of(rendered("{% include 'part.j2' %}", files)) == "after"


def test_each_rendering_has_all_of_its_bounds() -> None:
    many = f"{{% for i in range(200) %}}{'x' * 4_000}{{% endfor %}}"
    for _ in range(30):  # together more than any bound of one
        assert len(text_of(rendered(many))) == 800_000


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(FILES)), max_size=8))
@settings(deadline=None, max_examples=60)
def test_answers_do_not_depend_on_what_was_rendered_before(
    work: list[tuple[str, dict[str, str]]],
) -> None:
    answers = [rendered(text, files, a="v") for text, files in work]
    again = [rendered(text, files, a="v") for text, files in reversed(work)]
    assert answers == again[::-1]
    assert all(len(answer.messages) == (answer.failure is None) for answer in answers)


def test_threads_render_side_by_side() -> None:
    wrong: list[str] = []

    def work(name: str) -> None:
        files = {"count.j2": COUNTING, "part.j2": name * 50}
        text = "{% for i in range(40) %}{% include 'part.j2' %}{% endfor %}" + USING
        answers = {text_of(rendered(text, files)) for _ in range(20)}
        wrong.extend(answers - {name * 2_000 + "1a,2b"})

    threads = [threading.Thread(target=work, args=(name,)) for name in "klmn"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_first_of_two_failures_counts() -> None:
    # Pieces of output are counted a few at a time; that must not show.
    half = "{% filter upper %}{{ big }}{% endfilter %}"
    big = "x" * (limits.MAX_OUTPUT // 2 + 1)
    for pieces in range(20):
        before = f"{{% for i in range({pieces}) %}}{{{{ i }}}}{{% endfor %}}"
        assert "larger than" in why(rendered(before + half * 2 + "{{ missing }}", big=big))
        assert "undefined" in why(rendered(before + half + "{{ missing }}" + half, big=big))


def test_output_is_bounded_in_bytes() -> None:
    most = "{{ a }}" * 2
    assert len(text_of(rendered(most, a="é" * (limits.MAX_OUTPUT // 4)))) == limits.MAX_OUTPUT // 2
    assert "larger than" in why(rendered(most, a="é" * (limits.MAX_OUTPUT // 4 + 1)))
