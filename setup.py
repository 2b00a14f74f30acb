"""What a wheel takes along from outside the package; everything else about it stands in pyproject.toml.

An own-data run starts from a chapter's notebook, and its page wears the book's style sheets. In a clone, the editable
install of `make setup` included, both are read where they lie; a wheel takes copies, the notebooks without outputs.
"""

import json
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
TAKEN = {"notebooks": "notebooks/[0-9][0-9]-*.ipynb", "static": "book/_static/*.css"}  # folder in liveshop/editions


def without_outputs(notebook: bytes) -> bytes:
    nb = json.loads(notebook)
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps(nb, ensure_ascii=False, indent=1).encode() + b"\n"


class BuildWithCourse(build_py):
    def taken(self):
        """What is copied: pairs of source and target."""
        editions = Path(self.build_lib) / "liveshop" / "editions"
        return [(path, editions / folder / path.name) for folder, names in TAKEN.items() for path in HERE.glob(names)]

    def run(self):
        super().run()
        if not self.editable_mode:
            for source, target in self.taken():
                target.parent.mkdir(parents=True, exist_ok=True)
                content = source.read_bytes()
                target.write_bytes(without_outputs(content) if source.suffix == ".ipynb" else content)

    def get_outputs(self, include_bytecode=True):
        copies = [] if self.editable_mode else [str(target) for _, target in self.taken()]
        return super().get_outputs(include_bytecode) + copies

    def get_source_files(self):
        """For a source distribution, from which the same wheel can be built."""
        return super().get_source_files() + [str(source.relative_to(HERE)) for source, _ in self.taken()]


setup(cmdclass={"build_py": BuildWithCourse})
