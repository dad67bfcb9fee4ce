"""Where the signature of a tag object begins, what kind it is, and whether it ends the object.

Whoever reads a tag and whoever judges its signature has to split it at the same place: what only
one of them sees as signed could be written by anybody.
"""

from __future__ import annotations

OPENPGP, SSH, X509 = "openpgp", "ssh", "x509"
SSH_BEGIN = b"-----BEGIN SSH SIGNATURE-----"
BEGINS = {
    b"-----BEGIN PGP SIGNATURE-----": OPENPGP,
    b"-----BEGIN PGP MESSAGE-----": OPENPGP,
    b"-----BEGIN SIGNED MESSAGE-----": X509,
    SSH_BEGIN: SSH,
}
"""How git knows a line that begins a signature, and its format."""


def split_signature(content: bytes) -> tuple[bytes, bytes, str]:
    """A tag object's payload, its signature (empty where there is none) and the format.

    As git splits it: from the last line that begins a signature.
    """
    start, found = len(content), ""
    for begin, format_ in BEGINS.items():
        at = content.rfind(b"\n" + begin) + 1
        if at and (not found or at > start):
            start, found = at, format_
    return content[:start], content[start:], found


def ends_object(signature: bytes) -> bool:
    """Whether nothing but line ends follows the block; programs that verify look past the rest."""
    first = signature.partition(b"\n")[0].rstrip(b"\r")
    end = first.replace(b"-----BEGIN ", b"-----END ", 1)
    lines = signature.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    return first in BEGINS and end in lines and lines.index(end) == len(lines) - 1
