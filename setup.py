"""What a wheel takes along from outside the package; everything else about it stands in pyproject.toml.

An own-data run starts from a chapter's notebook, and a chapter reads the course's tables. In a clone (and so with the
editable install of `make setup`) both are read where they lie; a wheel takes copies, of notebooks without outputs.
"""

import json
from pathlib import Path

import yaml
from setuptools import setup
from setuptools.command.build_py import build_py

NOTEBOOKS = "notebooks/[0-9][0-9]-*.ipynb"
SETTINGS = Path("_config.yml")


def addresses() -> dict[str, str]:
    """Where the course is kept, from the one setting; none while it is empty."""
    settings = (yaml.safe_load(SETTINGS.read_text(encoding="utf-8")) if SETTINGS.exists() else None) or {}
    url = ((settings.get("repository") or {}).get("url") or "").strip().rstrip("/").removesuffix(".git")
    return {"Repository": url, "Issues": f"{url}/issues"} if url else {}


def without_outputs(notebook: Path) -> str:
    nb = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return json.dumps(nb, ensure_ascii=False, indent=1) + "\n"


def contents(path: Path) -> bytes:
    return without_outputs(path).encode() if path.suffix == ".ipynb" else path.read_bytes()


class BuildWithCourse(build_py):
    def copies(self):
        """Pairs of a file of the course and the file that becomes its copy."""
        package = Path(self.build_lib) / "liveshop"
        notebooks = [(path, package / "editions" / "notebooks" / path.name) for path in sorted(Path().glob(NOTEBOOKS))]
        return notebooks + [(path, package / path) for path in sorted(Path("data").rglob("*")) if path.is_file()]

    def run(self):
        super().run()
        if not self.editable_mode:
            for path, copy in self.copies():
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(contents(path))

    def get_outputs(self, include_bytecode=True):
        copies = [] if self.editable_mode else [str(copy) for _, copy in self.copies()]
        return super().get_outputs(include_bytecode) + copies

    def get_source_files(self):
        """For a source distribution, from which the same wheel can be built."""
        return super().get_source_files() + [str(SETTINGS), *(str(path) for path, _ in self.copies())]


setup(cmdclass={"build_py": BuildWithCourse}, project_urls=addresses())
