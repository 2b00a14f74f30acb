"""In which encoding a text file is written."""

from liveshop.tables.errors import TableError


def decode(content, name, encoding):
    """The text and the name of its encoding. UTF-8 proves itself; what is not UTF-8 in this trade is GB 18030."""
    if encoding:
        try:
            return content.decode(encoding).lstrip("\ufeff"), encoding
        except (LookupError, UnicodeError, TypeError, ValueError) as error:
            raise TableError(problem=f"{name} is not written in {encoding}",
                             remedy="remove encoding: from the mapping, or give the right one") from error
    for mark, kind in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strictly(content, name, kind), kind
    if b"\x00" in content:
        raise TableError(problem=f"{name} is no text, workbook or Parquet file",
                         remedy="export it as .csv, .xlsx or .parquet")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(content, name, "gb18030"), "gb18030"


def _strictly(content, name, kind):
    try:
        return content.decode(kind)
    except UnicodeError as error:
        raise TableError(problem=f"{name} is neither UTF-8 nor GBK text",
                         remedy="save it as CSV UTF-8, or give encoding: in the mapping") from error
