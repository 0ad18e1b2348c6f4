"""Code bindings as a zip: the same schema gives the same bytes. Pure."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from messaging.schemas.domain.bindings import classes, golang, java, python, typescript
from messaging.schemas.errors import BadRequestException

_LANGUAGES: Final[Mapping[str, tuple[Any, classes.Style]]] = {
    "Go1": (golang, classes.pascal),
    "Java8": (java, classes.camel),
    "Python36": (python, classes.snake),
    "TypeScript3": (typescript, classes.camel),
}
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


def check_language(language: str) -> None:
    """Raise BadRequestException for a language that there are no bindings for."""
    if language not in _LANGUAGES:
        known = ", ".join(_LANGUAGES)
        raise BadRequestException(f"Language {language} is not supported. Choose one of {known}.")


def bindings(document: Mapping[str, Any], *, name: str, language: str) -> dict[str, str]:
    """Return the files of a schema's bindings: text by path."""
    module, style = _LANGUAGES[language]
    made = classes.classes_of(document, style=style, reserved=module.RESERVED)
    files: dict[str, str] = module.files(classes.packaged(name), made)
    return files


def packed(files: Mapping[str, str]) -> bytes:
    """Return files as a zip."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(ZipInfo(path, _NO_DATE), text.encode(), ZIP_DEFLATED)
    return out.getvalue()
