"""Tree to Snapshot. A broken file is a finding and never hides the others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from promptreg.errors import ChangedError
from promptreg.model.agent import parse_agent
from promptreg.model.configuration import Configuration
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.environment import Environment, parse_environment
from promptreg.model.finding import Finding
from promptreg.model.prompt import Prompt, parse_prompt
from promptreg.registry.configuration import judged_configuration, read_configuration
from promptreg.registry.discover import ENTRY_KINDS, Found, candidates, discover
from promptreg.registry.documents import unreadable
from promptreg.registry.escapes import escape_findings
from promptreg.registry.facts import Facts
from promptreg.registry.file_names import file_name_findings
from promptreg.registry.late import late
from promptreg.registry.reach import Reached, reach
from promptreg.registry.settings import judged_by
from promptreg.registry.snapshot import Document, Loaded, Snapshot
from promptreg.registry.texts import ENDINGS, NotedTexts, TemplateTexts
from promptreg.store.files import FileProblem
from promptreg.store.text import decode
from promptreg.store.trees import RevisionTree, Tree
from promptreg.templates.closure import Closure, Start, closure_of
from promptreg.templates.problem import TemplateProblem

if TYPE_CHECKING:
    from promptreg.registry.quiet import QuietPrompts
    from promptreg.registry.quiet_note import Quiet


def load(
    tree: Tree,
    *,
    settings: Configuration | None = None,
    configuration: Configuration | None = None,
    facts: Facts | None = None,
    quiet: QuietPrompts | None = None,
) -> Loaded:
    """The whole registry in `tree`, judged by its own settings or by those of another one.

    `facts` may know what its texts say, and `quiet` what is reached by prompts that nothing is
    wrong with. Raises RegistryError where its configuration is unusable,
    unless one is given in its place.
    """
    warnings: tuple[Finding, ...] = ()
    if configuration is None:
        configuration, warnings = judged_configuration(tree)
    if settings is not None:
        configuration = judged_by(configuration, settings)
    files = tree.paths()
    if quiet is not None and isinstance(tree, RevisionTree):
        tree = tree.held_open()
    loader = _Loader(tree, configuration, files, facts or Facts(), quiet)
    found = discover(files, configuration.roots)
    loader.leave(found)
    loader.texts.prefetch(loader.templates_to_read())
    loader.add(found)
    return loader.finish((*warnings, *file_name_findings(files, configuration)))


def load_entry(
    tree: Tree, name: str, *, released: bool = False, facts: Facts | None = None
) -> Loaded:
    """A snapshot that holds what the manifest named `name` needs, and no more.

    Other manifests that may carry the name are read too, so that two of one name are never told
    apart by luck; not so in a `released` tree, where a release was refused in that case. They are
    read there, too, where no file lies at an expected path. Where none carries the name the whole
    registry is loaded, so that it can be told what there is. `facts` may know what texts say.
    """
    configuration = read_configuration(tree)
    files = _files(tree)
    paths = (path for path in candidates(name, configuration.roots) if path in files)
    likely = list(discover(paths, configuration.roots))
    if not (likely and released):
        others = [one for one in discover(files, configuration.roots) if one not in likely]
        likely += _mentioning(tree, name, others, configuration.limits.manifest_bytes)
    loader = _Loader(tree, configuration, files, facts or Facts())
    loader.add(likely)
    loaded = loader.finish(())
    known = loaded.snapshot
    return loaded if name in known.entries or name in known.duplicates else load(tree)


_SPELLS = re.compile(rb"\\(?:[xuU/\r\n]|\xc2\x85|\xe2\x80[\xa8\xa9])")
"""The escapes of a double-quoted YAML text that can stand for a letter of a name, or join two."""


def _files(tree: Tree) -> Set[str]:
    """All paths; those of a commit aren't listed where it is enough to look some up."""
    return tree.entries.keys() if isinstance(tree, RevisionTree) else frozenset(tree.paths())


def _mentioning(tree: Tree, name: str, others: list[Found], limit: int) -> list[Found]:
    """Manifests whose bytes hold the name, or an escape that could spell it."""
    entries = {one.path: one for one in others if one.kind in ENTRY_KINDS}
    return [
        entries[path]
        for path, content in tree.read_many(entries, limit=limit)
        if isinstance(content, bytes) and (name.encode() in content or _SPELLS.search(content))
    ]


class _Loader:
    """Collects what one load finds; used once."""

    def __init__(
        self,
        tree: Tree,
        configuration: Configuration,
        files: Iterable[str],
        facts: Facts,
        quiet: QuietPrompts | None = None,
    ) -> None:
        self.tree = tree
        self.facts = facts
        self.configuration = configuration
        self.files = files if isinstance(files, Set) else frozenset(files)
        self.known = None if quiet is None else quiet.at(tree, self.files, configuration)
        self.quiet: dict[str, Quiet] = {}
        """By path."""
        self.quiet_names: dict[str, Quiet] = {}
        self.entries: Mapping[str, Entry] = {}
        own = (*configuration.roots, *configuration.template_roots)
        self.texts = TemplateTexts(tree, self.files, configuration.limits.template_bytes, own)
        self.findings: list[Finding] = []
        self.documents: dict[str, Document] = {}
        self.document_texts: dict[str, str] = {}
        self.found: dict[str, Found] = {}

    def leave(self, found: Iterable[Found]) -> None:
        """Leave the prompts aside that are known to be quiet, unless two of them share a name."""
        if self.known is None:
            return
        quiet = self.known.quiet([one.path for one in found if one.kind == "Prompt"])
        count = Counter(one.name for one in quiet.values())
        self.quiet = quiet
        self._look_at(path for path, one in quiet.items() if count[one.name] > 1)

    def _look_at(self, twins: Iterable[str]) -> list[str]:
        """Take back that some prompts are quiet, since others bear their names."""
        paths = list(twins)
        for path in paths:
            del self.quiet[path]
            if self.known is not None:
                self.known.forget(path)
        return paths

    def templates_to_read(self) -> list[str]:
        """All but those of quiet prompts, which are read when somebody else reaches them."""
        known = {path for one in self.quiet.values() for path in one.templates}
        return [path for path in self.files if path not in known]

    def add(self, found: Iterable[Found]) -> None:
        """Read and parse documents, those of quiet prompts only where others bear their names."""
        self.found = {one.path: one for one in found}
        self._read(one for one in self.found.values() if one.path not in self.quiet)
        taken = {_name_of(one) for one in self.documents.values() if one.kind in ENTRY_KINDS}
        twins = self._look_at(path for path, one in self.quiet.items() if one.name in taken)
        if twins:
            self.texts.prefetch(self.templates_to_read())
            self._read(self.found[path] for path in twins)

    def _read(self, found: Iterable[Found]) -> None:
        limits = self.configuration.limits
        by_limit: defaultdict[int, list[str]] = defaultdict(list)
        for one in found:
            flat = one.kind == "Environment"
            by_limit[limits.environment_bytes if flat else limits.manifest_bytes].append(one.path)
        for limit, paths in by_limit.items():
            for path, content in self.tree.read_many(paths, limit=limit):
                self._document(self.found[path], content)

    def _document(self, found: Found, content: bytes | FileProblem) -> None:
        if isinstance(content, FileProblem):
            self.findings.append(unreadable(found.path, content))
            return
        parsed = self.facts.parsed(found.path, content, found.kind)
        self.findings += parsed.findings
        if parsed.text is not None:
            self.document_texts[found.path] = parsed.text
        if parsed.data is not None:
            self.documents[found.path] = Document(found.path, found.kind, parsed.data)

    def finish(self, findings: Iterable[Finding]) -> Loaded:
        """Make entries of the documents and close the snapshot."""
        self.findings += findings
        by_name: defaultdict[str, list[Document]] = defaultdict(list)
        for path in self.found:
            document = self.documents.get(path)
            if document is not None and document.kind in ENTRY_KINDS:
                by_name[_name_of(document)].append(document)
        made = {
            name: self._entry(documents[0])
            for name, documents in sorted(by_name.items())
            if len(documents) == 1
        }
        loud = {name: entry for name, (entry, _) in made.items()}
        self.quiet_names = quiet = {one.name: one for one in self.quiet.values()}
        texts = self._all_texts()
        self.entries = late(loud, quiet, self._late_entry)
        snapshot = Snapshot(
            label=self.tree.label,
            configuration=self.configuration,
            entries=self.entries,
            environments=MappingProxyType(self._environments()),
            documents=late(self.documents, self.quiet, self._late_document),
            closures=late(
                {name: one.closures for name, (_, one) in made.items()}, quiet, self._late_closures
            ),
            unresolved=late(
                {name: one.unresolved for name, (_, one) in made.items()}, quiet, _nothing
            ),
            unreached=self._unreached(loud.values(), texts),
            texts=texts,
            files=self.files,
            expected_names=MappingProxyType(
                {one.path: one.name for one in self.found.values() if one.kind in ENTRY_KINDS}
            ),
            duplicates=MappingProxyType(
                {
                    name: tuple(document.path for document in documents)
                    for name, documents in by_name.items()
                    if len(documents) > 1
                }
            ),
            quiet=MappingProxyType(quiet),
        )
        escaped = escape_findings(loud, self.texts.judged(), self.facts.analysis)
        return Loaded(snapshot, (*self.findings, *self.texts.findings(), *escaped))

    def _unreached(self, loud: Iterable[Entry], texts: Mapping[str, str]) -> Mapping[str, Closure]:
        """Templates elsewhere that nothing reaches are none of ours."""
        outlines: Iterator[Entry | Quiet] = chain(loud, self.quiet.values())
        reached = {path for one in outlines for path in one.templates}
        ours = (path for path in self.texts.own() if path.endswith(ENDINGS))
        roots = self.configuration.template_roots

        def closure(path: str) -> Closure:
            return closure_of(Start(path=path), texts.get, roots, self.facts.analysis)

        return late({}, [path for path in ours if path not in reached], closure)

    def _all_texts(self) -> Mapping[str, str]:
        paths = {path for one in self.quiet.values() for path in one.paths}
        return late(self.texts.known | self.document_texts, paths, self._late_text)

    def _environments(self) -> dict[str, Environment]:
        return {
            self.found[path].name: parse_environment(document.data)
            for path, document in self.documents.items()
            if document.kind == "Environment"
        }

    def _entry(self, document: Document) -> tuple[Entry, Reached]:
        data: dict[str, Json] = document.data
        if document.kind == "Agent":
            return Entry(document.path, parse_agent(data), data, {}, {}), Reached({}, {}, {}, {})
        prompt = parse_prompt(data)
        reached = self._reached(document.path, prompt)
        return Entry(document.path, prompt, data, reached.templates, reached.resolved), reached

    def _reached(self, path: str, prompt: Prompt) -> Reached:
        roots = self.configuration.template_roots
        if self.known is None:
            return reach(path, prompt, self.texts, roots, self.facts.analysis)
        texts = NotedTexts(self.texts)
        found = reach(path, prompt, texts, roots, self.facts.analysis)
        self.known.looked(path, prompt, texts.asked, found)
        return found

    def _late_document(self, path: str) -> Document:
        """The document of a quiet prompt."""
        if path not in self.documents:
            self._read([self.found[path]])
        if path not in self.documents:
            raise _changed(path)
        return self.documents[path]

    def _late_text(self, path: str) -> str:
        """The text of a file that a quiet prompt is made of."""
        if path in self.quiet:
            limit = self.configuration.limits.manifest_bytes
            ((_, content),) = self.tree.read_many([path], limit=limit)
            text = decode(path, content)[0] if isinstance(content, bytes) else None
        else:
            text = self.texts.get(path)
        if text is None:
            raise _changed(path)
        return text

    def _late_entry(self, name: str) -> Entry:
        quiet = self.quiet_names[name]
        data = self._late_document(quiet.path).data
        texts = {
            path: text for path in quiet.templates if (text := self.texts.get(path)) is not None
        }
        if len(texts) != len(quiet.templates) or data["name"] != name:
            raise _changed(quiet.path)
        return Entry(quiet.path, parse_prompt(data), data, texts, quiet.resolved)

    def _late_closures(self, name: str) -> Mapping[Route, Closure]:
        entry = self.entries[name]
        prompt = cast("Prompt", entry.manifest)
        roots = self.configuration.template_roots
        return reach(entry.path, prompt, self.texts, roots, self.facts.analysis).closures


def _name_of(document: Document) -> str:
    return str(document.data["name"])


def _nothing(_name: str) -> Mapping[Route, TemplateProblem]:
    return {}


def _changed(path: str) -> ChangedError:
    return ChangedError(f"`{path}` changed while it was read", hint="run the same command again")
