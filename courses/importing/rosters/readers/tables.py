"""A file of unknown origin as a table of text: CSV in any usual encoding and separator, or a sheet of an XLSX.

Nothing of the file is believed before it is checked: sizes, parts of the zip, rows, columns and text are counted first.
"""

from django.utils.translation import gettext as _

from accounts.exceptions import RuleError
from courses.importing.rosters.readers.csv_files import read_csv
from courses.importing.rosters.readers.limits import MAX_BYTES, Table
from courses.importing.rosters.readers.workbooks import read_xlsx

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_table(data: bytes, name: str = "") -> Table:
    """The table in `data`; what it is, is found out from the content, not from `name`.

    Raises RuleError, with one sentence that says what to do: empty, too_big, wrong_type, damaged, too_many_rows,
    too_many_columns.
    """
    if len(data) > MAX_BYTES:
        raise RuleError(
            [
                _("The file is larger than %(limit)d MB. Split it, or take the pictures out of it.")
                % {"limit": MAX_BYTES // 1024**2}
            ],
            code="too_big",
        )
    if not data.strip(b"\x00 \t\r\n\xff\xfe\xef\xbb\xbf"):
        raise RuleError([_("The file is empty. Choose the file that holds the people.")], code="empty")
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data)
    if data.startswith(_OLD_EXCEL):
        raise RuleError(
            [_("This is an old or a locked Excel file. Open it in Excel and save it as XLSX without a password.")],
            code="wrong_type",
        )
    return read_csv(data)
