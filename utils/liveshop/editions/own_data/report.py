"""The account of a run on somebody's own tables: what was read, what was left out, and why."""

from dataclasses import dataclass, field

from liveshop import medium
from liveshop.tables.markdown import cell, code, escape


@dataclass
class OwnDataReport:
    """What a run on somebody's own tables did and what it left out."""

    section: str
    title: str
    source: str
    rows: dict = field(default_factory=dict)            #: table → rows used
    places: dict = field(default_factory=dict)          #: table → where it was read: file, sheet
    adapted: list = field(default_factory=list)         #: liveshop.tables.AdaptReport of each table that was adapted
    notes: list = field(default_factory=list)           #: sentences about what was read, set aside and completed
    left_out: list = field(default_factory=list)        #: (missing tables and columns, what they would have shown)
    kept: str = ""                                      #: what of the reader's was kept from an earlier result
    failed: list = field(default_factory=list)          #: (what it would have shown, the reason)

    def markdown(self) -> str:
        lines = [f"# What was done with your data: {self.section} {self.title}", ""]
        lines += [f"Read from {code(self.source)}.", ""]
        lines += [self.table(self.rows), ""]
        lines += [escape(self.kept), ""] * bool(self.kept)
        lines += [f"- {escape(note)}" for note in self.notes] + [""] * bool(self.notes)
        if self.adapted:
            lines += ["## How the tables were read", "", *(told.markdown() for told in self.adapted), ""]
        lines += ["## What was left out, and why", ""]
        lines += [f"- {sentence}" for sentence in missing_sentences(self.left_out)]
        failed = [(medium.told(shows), reason) for shows, reason in self.failed]
        lines += [f"- {escape(shows[:1].upper() + shows[1:])}: {escape(reason)}" for shows, reason in failed]
        if not self.left_out and not self.failed:
            lines.append("Nothing: every step found what it needs.")
        return "\n".join(lines) + "\n"

    def table(self, names) -> str:
        """Of these tables, in Markdown: where each was read, and how many rows it has."""
        places = {name: cell(code(self.places.get(name, self.source))) for name in names}
        lines = [f"| `{name}` | {place} | {self.rows[name]:,} |" for name, place in places.items()]
        return "\n".join(["| table | read from | rows |", "| :--- | :--- | ---: |", *lines])


def missing_sentences(left_out) -> list[str]:
    """One sentence for each set of missing tables and columns, with all that they would have shown."""
    grouped: dict[tuple, list[str]] = {}
    for missing, shows in left_out:
        seen, shows = grouped.setdefault(tuple(missing), []), medium.told(shows or "this step")
        if shows not in seen:
            seen.append(shows)
    sentences = []
    for missing, shown in grouped.items():
        *front, last = (f"`{name}`" for name in missing)
        names, are, them = (f"{', '.join(front)} and {last}", "are", "them") if front else (last, "is", "it")
        sentences.append(f"{names} {are} missing; with {them} you would see {'; '.join(shown)}.")
    return sentences
