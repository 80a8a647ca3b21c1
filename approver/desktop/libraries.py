"""The shared libraries that Qt's windows need and that no Python package brings.

Standard library only, and a script as well: `packaging/setup.sh` runs it before anything is installed and reads the
names of the missing Debian packages from its output; `approver doctor` calls `missing_libraries`. Nothing flows back.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping

PACKAGE_OF_LIBRARY: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What PySide6's own Qt links to on Linux for windows on X11, and the Debian package that brings it."""


def missing_libraries(load: Callable[[str], object] = ctypes.CDLL, platform: str = sys.platform) -> tuple[str, ...]:
    """Name every library above that the dynamic linker does not find. Only Linux leaves them to the system."""
    if platform != "linux":
        return ()
    return tuple(name for name in PACKAGE_OF_LIBRARY if not _loads(name, load))


def _loads(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.stdout.writelines(f"{PACKAGE_OF_LIBRARY[name]}\n" for name in missing_libraries())
