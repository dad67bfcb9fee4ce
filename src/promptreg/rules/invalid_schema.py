"""Rule `invalid-schema`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, PROMPT, Bad, Good
from promptreg.checks.rule import EntryRule, on
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt
from promptreg.store.schema import input_schema, schema_problems


class InvalidSchema(EntryRule):
    """A JSON Schema in a manifest can't be used.

    Why: inputs, answers and tool calls are judged by it; a schema that is misread judges nothing.
    Fix: follow the message. promptreg reads a bounded part of JSON Schema 2020-12 with local
    references only.
    """

    id = "invalid-schema"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("output: {schema: {type: object, properties: {queue: {type: string}}}}"),
        Bad(
            "output: {schema: {type: object, properties: {queue: {$ref: '#/$defs/queue'}}}}",
            at=f"{PROMPT}:output.schema.properties.queue.$ref",
        ),
        Bad(
            agent="tools: [{name: find, effect: read, parameters: {pattern: '('}}]",
            at=f"{AGENT}:tools[0].parameters.pattern",
        ),
    )

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        del context
        for route, schema in _schemas(entry):
            for problem in schema_problems(schema, route):
                yield self.finding(
                    problem.message, on(entry, *problem.route), key=problem.key, fix=problem.hint
                )


def _schemas(entry: Entry) -> Iterator[tuple[Route, Json]]:
    manifest = entry.manifest
    for index, tool in enumerate(manifest.tools):
        if "parameters" in tool:
            yield ("tools", index, "parameters"), tool["parameters"]
    if not isinstance(manifest, Prompt):
        return
    for one in manifest.inputs:
        yield ("inputs", one.name), input_schema(one.schema)
    if "schema" in manifest.output:
        yield ("output", "schema"), manifest.output["schema"]
    for test in manifest.tests:
        for expectation in test.expect:
            if expectation.kind == "json_schema":
                yield expectation.route, expectation.value
