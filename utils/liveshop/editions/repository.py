"""Where the course is kept: the one setting `repository` of `_config.yml`, and every address that follows from it.

The keys are Jupyter Book's own: `repository` (url, branch, path_to_book), `launch_buttons` (binderhub_url, colab_url,
jupyterhub_url) and `html: baseurl`. While the url is empty, there is no repository, and nothing speaks of one.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import yaml

from liveshop.editions.cells import EditionError
from liveshop.tables.places import course_folder

SETTINGS = "_config.yml"
_GITHUB = re.compile(r"https://github\.com/(?P<owner>[\w-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Repository:
    """A repository on GitHub: owner and name, the branch that is read, and the course's folder in it ("" or "x/")."""

    owner: str
    name: str
    branch: str = "main"
    folder: str = ""
    places: dict = field(default_factory=dict)      # where notebooks can be opened, as `launch_buttons` has it

    @property
    def url(self) -> str:
        """The address of the repository itself."""
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def pages(self) -> str:
        """Where GitHub Pages serves the site of this repository, with a slash at the end."""
        home = f"{self.owner.lower()}.github.io"
        return f"https://{home}/" if self.name.lower() == home else f"https://{home}/{self.name}/"

    def source(self, path: str, line: int | None = None) -> str:
        """A file of the course as its text, from a line on."""
        mark = f"?plain=1#L{line}" if line else "?plain=1"
        return f"{self.url}/blob/{self._within(path)}{mark}"

    def edit(self, path: str) -> str:
        """The page on which a file of the course is changed and the change is proposed."""
        return f"{self.url}/edit/{self._within(path)}"

    def issue(self, form: str, **filled: str) -> str:
        """A new issue on one of the forms of .github/ISSUE_TEMPLATE, with some of its fields filled by their ids."""
        return f"{self.url}/issues/new?{urlencode({'template': form, **filled})}"

    def launches(self, notebook: str, heading: str = "", cell: str = "") -> list[tuple[str, str]]:
        """Address and name of each place that opens a notebook: at a heading ("5.4 Live data") or a cell, by its id."""
        opened = f"lab/tree/{self.folder}{notebook}" + (f"#{heading.replace(' ', '-')}" if heading else "")
        found = []
        if colab := self.places.get("colab_url"):
            mark = f"#scrollTo={cell}" if cell else ""
            found.append((f"{colab}/github/{self.owner}/{self.name}/blob/{self._within(notebook)}{mark}", "Colab"))
        if binder := self.places.get("binderhub_url"):
            asked = urlencode({"urlpath": opened}, quote_via=quote, safe="")
            found.append((f"{binder}/v2/gh/{self.owner}/{self.name}/{quote(self.branch, safe='')}?{asked}", "Binder"))
        if hub := self.places.get("jupyterhub_url"):      # with nbgitpuller, which brings the course there
            pulled = opened.replace("lab/tree/", f"lab/tree/{self.name}/", 1)
            asked = {"repo": self.url, "branch": self.branch, "urlpath": pulled}
            found.append((f"{hub}/hub/user-redirect/git-pull?{urlencode(asked, quote_via=quote, safe='')}",
                          "JupyterHub"))
        return found

    def _within(self, path: str) -> str:
        return quote(f"{self.branch}/{self.folder}{path}")


def repository(path=None) -> Repository | None:
    """The repository that a `_config.yml` names (default: the course's), or None while its url is empty.

    EditionError where the url is not one of GitHub: the addresses of other hosts have other forms.
    """
    settings = _settings(path)
    given = settings.get("repository") or {}
    url = (given.get("url") or "").strip()
    if not url:
        return None
    if not (known := _GITHUB.fullmatch(url)):
        raise EditionError(f"repository: url: {url} in {SETTINGS} is not an address such as "
                           "https://github.com/OWNER/NAME: correct it, or leave it empty.")
    folder = (given.get("path_to_book") or "").strip("/")
    places = {name: address.rstrip("/") for name, address in (settings.get("launch_buttons") or {}).items()
              if isinstance(address, str) and address}
    return Repository(known["owner"], known["name"], given.get("branch") or "main", f"{folder}/" if folder else "",
                      places)


def site_address(path=None) -> str:
    """Where the site is served, with a slash at the end: `html: baseurl`, or the repository's Pages, or else ""."""
    own = ((_settings(path).get("html") or {}).get("baseurl") or "").strip()
    if own:
        return own.rstrip("/") + "/"
    kept = repository(path)
    return kept.pages if kept else ""


def _settings(path) -> dict:
    folder = course_folder(SETTINGS) if path is None else None
    if path is None and folder is None:      # a wheel in an empty folder
        return {}
    return yaml.safe_load(Path(path or folder / SETTINGS).read_text(encoding="utf-8")) or {}
