"""Archives of functions: what is refused of them, and how they are laid out in a folder."""

import shutil
import stat
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from messaging.awslambda.limits import UNZIPPED_BYTES_MAX, UNZIPPED_FILES_MAX


def check(archive: bytes) -> None:
    """Look at what an archive says of itself; raises ValueError with what is wrong."""
    try:
        with ZipFile(BytesIO(archive)) as opened:
            _check(opened.infolist())
    except (BadZipFile, NotImplementedError, OverflowError) as error:
        raise ValueError(str(error)) from None


def unpack(archive: bytes, folder: Path) -> None:
    """Lay an archive out in an empty folder; raises ValueError with what is wrong with it."""
    check(archive)
    try:
        with ZipFile(BytesIO(archive)) as opened:
            for entry in opened.infolist():
                _lay_out(opened, entry, folder)
    except (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise ValueError(str(error)) from None


def _check(entries: list[ZipInfo]) -> None:
    if len(entries) > UNZIPPED_FILES_MAX:
        raise ValueError(f"It has more than {UNZIPPED_FILES_MAX} files.")
    if sum(entry.file_size for entry in entries) > UNZIPPED_BYTES_MAX:
        raise ValueError(f"Unzipped size must be smaller than {UNZIPPED_BYTES_MAX} bytes")
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
            raise ValueError(f"{entry.filename!r} leads out of the archive.")
        if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ValueError(f"{entry.filename!r} is no file and no folder.")


def _lay_out(opened: ZipFile, entry: ZipInfo, folder: Path) -> None:
    # Python reads no more of an entry than the size that was checked.
    target = folder.joinpath(*PurePosixPath(entry.filename).parts)
    if entry.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink)
