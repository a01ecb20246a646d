"""The fonts that browsers typeset with in tests: the project's own, whatever the machine has."""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

NARROW, USUAL, WIDE = "Source Sans Pro", "Lato", "Bitstream Vera Sans"
FOLDERS = (("font_source_sans_pro", "files"), ("font_lato", "files"), ("reportlab", "fonts"))
FILES = ("SourceSansPro-*.ttf", "Lato-*.ttf", "Vera*.ttf")
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
<selectfont><rejectfont><glob>*</glob></rejectfont><acceptfont>{files}</acceptfont></selectfont>
<match><edit name="family" mode="append_last"><string>{usual}</string></edit></match>
</fontconfig>
"""


@cache
def _folder() -> TemporaryDirectory[str]:
    """A folder with a configuration that knows only these fonts; it goes when the process ends."""
    folder = TemporaryDirectory(prefix="beleg-fonts-")
    configuration = CONFIGURATION.format(
        folders="".join(f"<dir>{_location(*each)}</dir>" for each in FOLDERS),
        cache=folder.name,
        files="".join(f"<glob>*/{each}</glob>" for each in FILES),
        usual=USUAL,
    )
    (Path(folder.name) / "fonts.conf").write_text(configuration)
    return folder


def _location(package: str, folder: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / folder


def environment() -> dict[str, str]:
    """This process's environment, for a program that is to find only these fonts."""
    return {**os.environ, "FONTCONFIG_FILE": str(Path(_folder().name) / "fonts.conf")}
