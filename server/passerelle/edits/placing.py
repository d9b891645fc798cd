"""Decides where a block belongs: where it stands already, what it rewrites, names or resembles; else the selection."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from passerelle.edits.block import Block
from passerelle.edits.elision import fill
from passerelle.edits.headers import is_file_name, opens
from passerelle.edits.hunks import Hunk, Placement, Selection
from passerelle.edits.indentation import indent_of, is_blank, width
from passerelle.edits.outline import outline
from passerelle.edits.redefining import redefined
from passerelle.words.text import split_lines

ALIKE = 0.75
"""The share of a document's lines that a block must have to be all of it in a new wording."""
BOUNDED_ALIKE = 0.5
"""The same, where the block begins and ends as the document does; and where a part is bounded so."""
MOST_PLACES = 50
"""Of one line that are looked at."""
FEWEST_LINES = 3
"""That a block needs to be known again by its first and its last."""
REACH = 10

Lines = Sequence[str]


def place(document: Lines, code: str, selection: Selection | None, language: str) -> Placement:
    """Where `code` goes in a document, given as lines without their ends. The first that holds:

    - an empty document: the block is all of it
    - the block stands there already: nothing changes
    - it has most of the document's lines, or begins and ends like it: it is the document, rewritten
    - it defines things that the document defines: each takes its namesake's place
    - it leaves code out (`# ... existing code ...`): what the document has between the lines around it stays
    - its first and last lines stand in the document, and what is between resembles it: it takes that part's place
    - something is selected: it takes the selection's place
    - else it is put at the cursor's line, or at the end.
    """
    lines = _trimmed([line.rstrip("\r\n") for line in split_lines(code)])
    if lines and is_file_name(lines[0]) and lines[0] not in document:
        lines = _trimmed(lines[1:])
    if not lines:
        return Placement("inserted", [])
    if all(map(is_blank, document)):
        return Placement("whole", [Hunk(0, len(document), lines)])
    block = Block(lines, document, language)
    return (
        _standing(document, block)
        or _whole(document, block)
        or _redefined(document, block, selection)
        or _filled(document, block)
        or _anchored(document, block)
        or _at(document, block, selection)
    )


def _trimmed(lines: Lines) -> list[str]:
    filled = [number for number, line in enumerate(lines) if not is_blank(line)]
    return ["" if is_blank(line) else line for line in lines[filled[0] : filled[-1] + 1]] if filled else []


def _standing(document: Lines, block: Block) -> Placement | None:
    """The block, word for word, at whatever depth; one line alone must be telling, and stand there once."""
    if block.lines == _trimmed(document):
        return Placement("whole", [])
    plain = ["" if is_blank(line) else line for line in document]
    first = block.lines[0].strip()
    places = [at for at, line in enumerate(plain) if line.strip() == first][:MOST_PLACES]
    if len(block.lines) == 1 and (len(places) != 1 or not _is_telling(first)):
        return None
    wanted = {indent: block.moved(indent) for indent in {indent_of(plain[at]) for at in places}}
    is_there = any(plain[at : at + len(block.lines)] == wanted[indent_of(plain[at])] for at in places)
    return Placement("replaced", []) if is_there else None


def _whole(document: Lines, block: Block) -> Placement | None:
    """A new wording of all that there is. One that would lose what the document begins with, or a definition, is none
    unless it begins and ends like it.
    """
    if not block.is_whole:
        return None
    known = _trimmed(document)
    lines, mine = Counter(map(str.strip, filter(str.strip, known))), Counter(map(str.strip, block.lines))
    share = (lines & mine).total() / lines.total()
    is_bounded = _ends(known) == _ends(block.lines)
    if not (is_bounded and share >= BOUNDED_ALIKE):
        if share < ALIKE or not _names(known, block.language) <= _names(block.lines, block.language):
            return None
        if block.items[:1] and block.items[0].lead == 0 and known[0].strip() not in mine:
            return None
    first = next(at for at, line in enumerate(document) if not is_blank(line))
    return Placement("whole", [Hunk(first, first + len(known), block.moved(block.base))])


def _ends(lines: Lines) -> tuple[str, str]:
    return lines[0].strip(), lines[-1].strip()


def _names(lines: Lines, language: str) -> set[str]:
    return {item.key for item in outline(lines, language) if item.is_strong}


def _redefined(document: Lines, block: Block, selection: Selection | None) -> Placement | None:
    hunks = redefined(document, block, selection) if block.items else None
    return None if hunks is None else Placement("replaced", hunks)


def _filled(document: Lines, block: Block) -> Placement | None:
    if block.is_whole:
        return None
    places = {line.strip(): indent_of(line) for line in document}
    known = (line for line in block.lines if _is_telling(line) and indent_of(line) == block.base)
    indent = next((places[line.strip()] for line in known if line.strip() in places), "")
    filled = fill(document, block.moved(indent), block.marks, is_closed=False)
    return None if filled is None else Placement("replaced", [Hunk(0, len(document), filled)])


def _anchored(document: Lines, block: Block) -> Placement | None:
    """The part that begins and ends with the block's own lines; of several the one nearest to it in length."""
    start, end = _ends(block.lines)
    if len(block.lines) < FEWEST_LINES or not _is_telling(start + end) or not block.is_whole:
        return None
    firsts = [at for at, line in enumerate(document) if line.strip() == start][:MOST_PLACES]
    lasts = [at for at, line in enumerate(document) if line.strip() == end]
    length = len(block.lines)
    spans = sorted(
        (abs(last + 1 - first - length), first, last + 1) for first in firsts for last in _near(first, length, lasts)
    )
    for _, first, last in spans:
        if _resembles(document[first:last], block):
            return Placement("replaced", [Hunk(first, last, block.moved(indent_of(document[first])))])
    return None


def _is_telling(line: str) -> bool:
    """Whether a line is more than brackets and a short word."""
    return sum(map(str.isalnum, line)) > 4  # noqa: PLR2004 - Such as `else`.


def _near(first: int, length: int, lasts: Sequence[int]) -> Sequence[int]:
    """The places of the last line nearest to where a part would end that is as long as the block."""
    at = bisect_left(lasts, first + length - 1)
    near = lasts[max(at - 1, 0) : at + 1]
    return [last for last in near if first < last < first + 2 * length + REACH]


def _resembles(part: Lines, block: Block) -> bool:
    mine = Counter(filter(None, map(str.strip, block.lines)))
    theirs = Counter(filter(None, map(str.strip, part)))
    return (mine & theirs).total() >= BOUNDED_ALIKE * max(mine.total(), theirs.total())


def _at(document: Lines, block: Block, selection: Selection | None) -> Placement:
    if selection is None:
        gap = [""] if block.items and not is_blank(document[-1]) else []
        return Placement("inserted", [Hunk(len(document), len(document), [*gap, *block.moved("")])])
    if selection.is_empty:
        return Placement("inserted", [_inserted(document, block, selection)])
    return Placement("selection", [_selected(document, block, selection)])


def _selected(document: Lines, block: Block, selection: Selection) -> Hunk:
    """The block between what stands before the selection in its first line, and behind it in its last."""
    first, start, last, end = selection
    before, after = _line(document, first)[:start], _line(document, last)[end:]
    if not before.strip():
        selected = (line for line in document[first : last + 1] if not is_blank(line))
        lines = block.moved(indent_of(next(selected, before)))
    else:
        lines = block.moved(indent_of(before))
        lines[0] = before + lines[0].lstrip()
    if end == 0 and last > first:
        return Hunk(first, last, lines)
    if not is_blank(after):
        lines[-1] += after
    return Hunk(first, min(last + 1, len(document)), lines)


def _inserted(document: Lines, block: Block, cursor: Selection) -> Hunk:
    """In place of a blank line; else before the line, where the cursor stands at its beginning, or after it."""
    at, line = cursor.first, _line(document, cursor.first)
    if is_blank(line):
        return Hunk(at, min(at + 1, len(document)), block.moved(line or _indent_between(document, at, block)))
    if cursor.start <= len(indent_of(line)):
        return Hunk(at, at, block.moved(indent_of(line)))
    return Hunk(at + 1, at + 1, block.moved(_indent_between(document, at + 1, block)))


def _indent_between(document: Lines, at: int, block: Block) -> str:
    """How deep a line stands that comes between others: inside of what the one before opens, else as the shallower."""
    before = next((line for line in reversed(document[:at]) if not is_blank(line)), "")
    after = next((line for line in document[at:] if not is_blank(line)), "")
    if opens(before) or before.rstrip().endswith(":"):
        is_deeper = width(after) > width(before)
        return indent_of(after) if is_deeper else indent_of(before) + (block.unit or "    ")
    return indent_of(min(before, after, key=width))


def _line(document: Lines, at: int) -> str:
    return document[at] if at < len(document) else ""
