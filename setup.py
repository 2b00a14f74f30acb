"""What a wheel takes along from outside the package; everything else about it stands in pyproject.toml.

An own-data run starts from a chapter's notebook. In a clone, the editable install of `make setup` included, it is read
where it lies; a wheel takes copies without outputs.
"""

import json
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


def without_outputs(notebook: bytes) -> bytes:
    nb = json.loads(notebook)
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps(nb, ensure_ascii=False, indent=1).encode() + b"\n"


class BuildWithCourse(build_py):
    def taken(self):
        """What is copied: pairs of source and target."""
        folder = Path(self.build_lib) / "liveshop" / "editions" / "notebooks"
        return [(path, folder / path.name) for path in HERE.glob("notebooks/[0-9][0-9]-*.ipynb")]

    def run(self):
        super().run()
        if not self.editable_mode:
            for source, target in self.taken():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(without_outputs(source.read_bytes()))

    def get_outputs(self, include_bytecode=True):
        copies = [] if self.editable_mode else [str(target) for _, target in self.taken()]
        return super().get_outputs(include_bytecode) + copies

    def get_source_files(self):
        """For a source distribution, from which the same wheel can be built."""
        return super().get_source_files() + [str(source.relative_to(HERE)) for source, _ in self.taken()]


setup(cmdclass={"build_py": BuildWithCourse})
