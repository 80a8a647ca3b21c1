"""Stands for a person's browser: goes where it is sent, follows redirects, and says yes by that."""

import sys
import urllib.request

if __name__ == "__main__":
    with urllib.request.urlopen(sys.argv[1], timeout=20) as page:
        page.read()
