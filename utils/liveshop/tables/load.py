"""Load the contract tables of a folder: Qinghe's or the reader's own."""

import json
from pathlib import Path

import pandas as pd

from liveshop.environment import clone, course_data, parquet_parts, table_files
from liveshop.tables.adapt import adapt
from liveshop.tables.contract import contract, table_of
from liveshop.tables.errors import MissingColumn, MissingTable, TableError, nearest, only_table_errors
from liveshop.tables.validation import typed, validate_all

SUMMARY = ["mean_true", "mean_estimate", "bias", "coverage", "sign"]  # of a method, in recovered.json


class Tables:
    """Contract tables, read when first asked for: `tables.orders`, `tables["orders"]`, `"orders" in tables`.

    names: the tables that are there; missing: those of the contract that are not; folder: where they lie (None
    for tables in memory); truth: the planted causes, and recovered: what the course's methods make of them, for the
    simulated brand alone. Each access gives a copy, so changing a frame does not change the tables.
    A table that is not there raises a TableError (hasattr and getattr with a default work as well).
    """

    def __init__(self, files=None, frames=None, folder=None):
        self.folder = folder
        self._files = dict(files or {})
        self._frames = dict(frames or {})
        self._truth = None
        self._found = None               # the content of recovered.json
        for name in self._frames:
            table_of(name)

    @property
    def names(self):
        return [name for name in contract() if name in self]

    @property
    def missing(self):
        return [name for name in contract() if name not in self]

    @property
    def truth(self):
        """What was planted in the simulated brand: name -> value, from truth.json beside the tables.

        Parameters and what follows from them alike (their units and meanings stand in the file). Look only after
        you have estimated. Real tables have no such file; then a TableError says so.
        """
        path = self.folder / "truth.json" if self.folder else None
        if path is None or not path.is_file():
            raise TableError(
                problem="no truth is known of these tables",
                remedy="only the course's simulated brand comes with truth.json")
        if self._truth is None:
            try:
                known = json.loads(path.read_text(encoding="utf-8"))
                self._truth = {
                    name: fact["value"] for kind in ("parameters", "derived") for name, fact in known[kind].items()}
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                raise TableError(
                    problem="truth.json cannot be read as the simulator writes it",
                    remedy="make it again with make data") from None
        return self._truth

    @property
    def recovered(self):
        """What the course's methods made of the truth over twenty simulated seasons, from recovered.json beside it.

        A DataFrame by truth and method: mean_true, mean_estimate, bias, coverage (share of the 95 % intervals that hold
        the truth; missing without intervals), sign (share of the estimates with the sign of the truth). Real tables
        have no such file; then a TableError says so.
        """
        return self._recovered(lambda known: pd.DataFrame(
            [[one[name] for name in SUMMARY] for methods in known.values() for one in methods.values()],
            pd.MultiIndex.from_tuples([(truth, method) for truth, methods in known.items() for method in methods],
                                      names=["truth", "method"]),
            SUMMARY, dtype=float))

    def recovered_seasons(self, truth, method):
        """What a method made of a truth, season by season: a DataFrame by seed of true, estimate, low, high (95 %).

        Without intervals low and high are missing. Raises KeyError for a truth or method that no chapter gives, and
        TableError as `recovered` does.
        """
        if (truth, method) not in self.recovered.index:
            raise KeyError((truth, method))
        columns = ["seed", "true", "estimate", "low", "high"]
        return self._recovered(lambda known: pd.DataFrame(
            {name: known[truth][method][name] for name in columns}).set_index("seed").astype(float))

    def every_season(self):
        """What every method made of every truth: a row a truth, method and season, as recovered.json has them.

        Columns truth, method, seed, true, estimate, low, high (95 %, missing without intervals). Raises TableError as
        `recovered` does.
        """
        columns = ["seed", "true", "estimate", "low", "high"]
        return self._recovered(lambda known: pd.concat(
            [pd.DataFrame({"truth": truth, "method": method, **{name: one[name] for name in columns}})
             .astype(dict.fromkeys(columns, float))
             for truth, methods in known.items() for method, one in methods.items()], ignore_index=True))

    def _recovered(self, take):
        """What `take` makes of the content of recovered.json."""
        path = self.folder / "recovered.json" if self.folder else None
        if path is None or not path.is_file():
            raise TableError(problem="nothing is known of what methods make of these tables",
                             remedy="only the course's simulated brand comes with recovered.json")
        try:
            if self._found is None:
                self._found = json.loads(path.read_text(encoding="utf-8"))["recovered"]
            return take(self._found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise TableError(problem="recovered.json cannot be read as the simulator writes it",
                             remedy="make it again with make recovery") from None

    def file(self, name):
        """The file from which a table is read; None for one that stands in memory or is not there."""
        return self._files.get(name)

    def __contains__(self, name):
        return name in self._files or name in self._frames

    def __iter__(self):
        return iter(self.names)

    def __len__(self):
        return len(self.names)

    def __getitem__(self, name):
        if name not in self:
            place = f"in {self.folder}" if self.folder else "among these tables"
            if name not in contract():
                raise MissingTable(
                    problem=f"there is no table “{name}” in the contract", remedy=nearest(name, contract()))
            raise MissingTable(name, problem=f"the table is not there {place}",
                               remedy=f"add {contract()[name].path} (or .csv), or leave out what needs it")
        if name not in self._frames:
            self._frames[name] = read_table(self._files[name], name)
        return self._frames[name].copy(deep=False)  # copy-on-write: cheap, and the reader cannot spoil the tables

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __dir__(self):
        return [*super().__dir__(), *self.names]

    def __repr__(self):
        return f"Tables({', '.join(self.names) or 'none'})"


@only_table_errors
def load(folder="data", validate=False):
    """Load the contract tables of a folder: Parquet or CSV files named after the tables.

    A table in many Parquet files stands in a folder of its own, such as orders.parquet/ or orders/. All that is read
    goes into memory; what is larger than that goes to the measures as it is, by DuckDB or Spark.

    folder: looked for in the working directory and then in its parents; the default also finds the
    course's own tables. validate: hold every table against the contract at once and raise its first error.
    Tables are read, and their types checked, when first used. Raises TableError, and nothing else.
    """
    place = _find(folder)
    tables = Tables(files=_files(place), folder=place)
    if not tables.names:
        raise TableError(problem=f"the folder {place.name} holds no table of the contract",
                         remedy="put files such as streams.csv or orders.parquet into it")
    if validate:
        errors = [p for p in validate_all(tables) if p.severity == "error"]
        if errors:
            raise errors[0].error()
    return tables


def _find(folder):
    try:
        wanted = Path(folder).expanduser()
        here = Path.cwd()
        places = [wanted] if wanted.is_absolute() else [p / wanted for p in (here, *here.parents)]
        if str(folder) == "data":
            # A folder named data is common: take the first that holds tables, and at last the course's own.
            places = [p for p in (*places, *filter(None, [course_data()])) if p.is_dir() and _files(p)]
        found = next((p for p in places if p.is_dir()), None)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise TableError(problem=f"“{folder}” is no folder", remedy="give the path of a folder with tables") from error
    if found is None:
        file = next((p for p in places if p.is_file()), None)
        if file:
            raise TableError(
                problem=f"{file.name} is a file, not a folder", remedy="bring a single export in with adapt")
        what = (
            "no folder “data” with tables is there" if str(folder) == "data" else f"the folder “{folder}” is not there")
        how = "make data" if clone() else "python -m liveshop.world --out data"
        raise TableError(
            problem=what, remedy=f"give the path of a folder with tables, or make the course's own with {how}")
    return found


def _files(folder):
    """Table name → file in the folder, for names with hyphens or underscores and every readable ending."""
    found = {}
    for name, spec in contract().items():
        files = table_files(folder, name, spec.path)
        if len(files) > 1:
            raise TableError(name, problem=f"there are several files: {', '.join(f.name for f in files)}",
                             remedy="keep one of them")
        if files:
            found[name] = files[0]
    return found


@only_table_errors
def read_table(file, table):
    """Read one file in contract form (Parquet, or CSV with the contract's column names) with the contract's types.

    A folder is read as one table in Parquet files, each of which must have the columns that the table must have.
    """
    if Path(file).suffix != ".parquet" and not Path(file).is_dir():
        return adapt(file, {"table": table, "check": False})
    from pyarrow.parquet import read_schema

    try:
        frame = pd.read_parquet(file)
        names = {part: read_schema(part).names for part in parquet_parts(Path(file))}
    except Exception as error:
        among = ", or its folder holds other files too" if Path(file).is_dir() else ""
        raise TableError(table, problem=f"{Path(file).name} cannot be read as Parquet ({type(error).__name__}){among}",
                         remedy="write the file again, or give the table as CSV") from error
    for column in table_of(table).required:
        if column not in frame:
            raise MissingColumn(table, column, problem="the column is missing", remedy="add it, or map it with adapt")
        # Rows of another table that lies there would be taken for this one's. A folder may tell a column's value.
        strange = [part for part in names if column not in names[part] and f"{column}=" not in str(part)]
        if strange:
            raise MissingColumn(table, column, problem=f"the column is missing in {strange[0].name}",
                                remedy=f"leave only files of this table in the folder {Path(file).name}")
    return typed(frame, table)
