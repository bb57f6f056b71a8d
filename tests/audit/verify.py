#!/usr/bin/env python3
"""Verifies an export of idv's audit log without idv, by Python's standard library alone.

    verify.py EXPORT [EARLIER_CHECKPOINT...]

Each entry is the one that was written there, the tree over them (RFC 6962) has the root of the checkpoint in the last
line, and the log goes on from each earlier checkpoint. Who signed the checkpoint OpenSSL tells: README.md has how.
"""
import base64
import hashlib
import json
import sys

CUT = "the file is cut off after {} entries: it does not end with a checkpoint"
SAVED = "the file was saved by a program that changes texts, {}: nothing may open it on its way from where it was printed"


class Tree:
    """The right edge of a tree: the roots of the whole subtrees that it is made of."""

    def __init__(self):
        self.size, self.edge = 0, []

    def push(self, leaf):
        size = self.size
        while size & 1:
            leaf, size = hashlib.sha256(b"\1" + self.edge.pop() + leaf).digest(), size >> 1
        self.edge.append(leaf)
        self.size += 1

    def root(self):
        *lefts, root = self.edge or [hashlib.sha256(b"").digest()]
        for left in reversed(lefts):
            root = hashlib.sha256(b"\1" + left + root).digest()
        return root


def checkpoint(note):
    origin, size, root = note.split("\n")[:3]
    if size != str(int(size)):
        raise ValueError(f"{size} is not how a checkpoint has a number")
    return origin, int(size), base64.b64decode(root, validate=True)


def parse(line, *members):
    """What a line has that is no entry. It is written in one way alone: nothing else hides in it that somebody reads."""
    parsed = json.loads(line)
    if list(parsed) != list(members) or line != json.dumps(parsed, ensure_ascii=False, separators=(",", ":")).encode():
        raise ValueError("a line has something that was not written there")
    return parsed.values()


def earlier(path):
    """A checkpoint as `idv audit checkpoint` prints it, or the line of the service's log that has it."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        return checkpoint(json.loads(text)["checkpoint"] if text.startswith("{") else text)
    except (ValueError, KeyError):
        sys.exit(f"{path} is not a checkpoint")


def saved(line):
    """How a program saved a line, where one did that changes texts: no line that was printed begins or ends so."""
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "in UTF-16"
    if line.startswith(b"\xef\xbb\xbf"):
        return "with a byte order mark"
    return "with line ends of its own" if line.endswith(b"\r") else None


def verify(export, before):
    try:
        return find(export, before)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return f"a line is not one of an export: {error}"


def find(export, before):
    tree, block, at, roots = Tree(), [], 0, {}
    for line in export:
        line = line.removesuffix(b"\n")
        if saved(line):
            return SAVED.format(saved(line))
        is_end = line.startswith(b'{"checkpoint"')
        if is_end or line.startswith(b'{"leaves"'):
            if at < len(block):
                return f"entries {tree.size} to {tree.size + len(block) - at - 1} are missing"
            if is_end and next(export, None):
                return f"what stands as entry {tree.size} and after it was not written there"
            try:
                json.loads(line)
            except ValueError:
                return CUT.format(tree.size)
            if is_end:
                note, _ = parse(line, "checkpoint", "public_key")
                try:
                    signed = checkpoint(note)
                except ValueError:
                    return "the last line has no checkpoint that can be read"
                return hold(tree, roots, before, *signed)
            [leaves] = parse(line, "leaves")
            hashes = base64.b64decode(leaves, validate=True)
            if len(hashes) % 32 or not 1 <= len(hashes) // 32 <= 256 or base64.b64encode(hashes).decode() != leaves:
                raise ValueError("a block has 1 to 256 hashes")
            block, at = [hashes[i : i + 32] for i in range(0, len(hashes), 32)], 0
            continue
        [left_out] = parse(line, "left_out") if line.startswith(b'{"left_out"') else [0]
        if type(left_out) is not int or left_out < 1 and line.startswith(b'{"left_out"'):
            raise ValueError("at least one entry is left out where some are")
        end = at + max(left_out, 1)
        if end > len(block):
            return f"what stands as entry {tree.size} and after it was not written there"
        leaf = hashlib.sha256(b"\0" + line).digest()
        if not left_out and block[at] != leaf:
            if leaf not in block:
                return f"entry {tree.size} is not what was written"
            stands = tree.size - at + block.index(leaf)
            return f"where entry {tree.size} was written, entry {stands} stands: entries were dropped, doubled or swapped"
        for at in range(at, end):
            tree.push(block[at])
            roots |= {tree.size: tree.root() for _, size, _ in before if size == tree.size}
        at = end
    return CUT.format(tree.size)


def hold(tree, roots, before, origin, size, root):
    if size > tree.size:
        return f"entries {tree.size} to {size - 1} are missing"
    if size < tree.size:
        return f"what stands as entry {size} and after it was not written there"
    if root != tree.root():
        return "the entries are not what was signed"
    for was_origin, was, was_root in sorted(before, key=lambda known: known[1]):
        if was_origin != origin:
            return f"an earlier checkpoint, of {was_origin}, is of another log, or forged"
        if was > size:
            return f"this log was set back: at an earlier checkpoint it had {was} entries, and it has {size}"
        if was and roots[was] != was_root:
            return f"this log was set back and went on, or was changed: its first {was} entries are not those of an earlier checkpoint"
    print(f"All {size} entries of {origin} are what its checkpoint says.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        with open(sys.argv[1], "rb") as file:
            sys.exit(verify(file, [earlier(path) for path in sys.argv[2:]]))
    except OSError as error:
        sys.exit(f"cannot read {error.filename}: {error.strerror}")
