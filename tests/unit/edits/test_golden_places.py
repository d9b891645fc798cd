"""Blocks as models write them, in several languages: what becomes of the document."""

from textwrap import dedent
from typing import NamedTuple

import pytest

from passerelle.protocol.apply import Placed
from support.edits import apply, at

PYTHON = '''\
"""A module."""
import os
import sys

TIMEOUT = 10


@app.route("/")
def hello(name):
    """Say it."""
    print("hello", name)


class Engine:
    """An engine."""

    size = 1

    def __init__(self, size):
        self.size = size

    def run(self):
        a = 1
        b = 2
        c = 3
        return a + b + c

    # It stops.
    def stop(self):
        pass


if __name__ == "__main__":
    hello("x")
'''
TYPESCRIPT = """\
import { a } from "./a";

/** Makes one. */
export const make = (options: Options): Thing => {
  const name = options.name;
  return new Thing(name);
};

export class Thing {
  private count = 0;

  async load(id: string): Promise<void> {
    if (id) {
      await fetch(id);
    } else {
      throw new Error("no id");
    }
  }

  get size(): number {
    return this.count;
  }
}

describe("thing", () => {
  it("loads", () => {
    expect(1).toBe(1);
  });
});
"""
GO = """\
package main

import (
\t"fmt"
\t"os"
)

// Run runs.
func (s *Server) Run() error {
\tfmt.Println(s.addr)
\treturn nil
}

func (c *Client) Run() error {
\treturn nil
}

func main() {
\ts := &Server{addr: ":80"}
\tif err := s.Run(); err != nil {
\t\tos.Exit(1)
\t}
}
"""
RUST = """\
use std::io;

#[derive(Debug)]
pub struct Point {
    x: i32,
}

impl Point {
    /// A new one.
    pub fn new(x: i32) -> Self {
        Self { x }
    }

    pub fn x(&self) -> i32 {
        self.x
    }
}
"""
TOML = """\
gateway = "vercel"

[roles]
chat = "a/b"
inline = "c/d"

# Limits.
[routing]
sort = "cost"

[[budgets]]
per = "day"
"""
MARKDOWN = """\
# Title

Intro.

## Install

```sh
# a comment
make
```

### Linux

apt

## Use

Use it.
"""
C = """\
static int helper(int a)
{
\tint x = a;
#ifdef DEBUG
\tprintf("x");
#endif
\tif (x)
\t\tgoto out;
out:
\treturn x;
}

int main(void) {
\treturn helper(1);
}
"""


class Case(NamedTuple):
    """A block, and the lines of the document that change: those that go, and those that come for them."""

    name: str
    language: str
    document: str
    code: str
    old: str
    new: str
    placed: Placed = "replaced"


CASES = [
    Case(
        "a function keeps its decorator",
        "python",
        PYTHON,
        'def hello(name, greeting="hi"):\n    print(greeting, name)\n',
        'def hello(name):\n    """Say it."""\n    print("hello", name)\n',
        'def hello(name, greeting="hi"):\n    print(greeting, name)\n',
    ),
    Case(
        "a method that is shown without its class",
        "python",
        PYTHON,
        "def run(self):\n    return 6\n",
        "        a = 1\n        b = 2\n        c = 3\n        return a + b + c\n",
        "        return 6\n",
    ),
    Case(
        "a class that leaves members out, and has a new one",
        "python",
        PYTHON,
        "class Engine:\n    # ... existing code ...\n\n    def stop(self):\n        raise SystemExit\n\n"
        "    def more(self):\n        return 7\n",
        "    def stop(self):\n        pass\n",
        "    def stop(self):\n        raise SystemExit\n\n    def more(self):\n        return 7\n",
    ),
    Case(
        "a class without all of its members loses none",
        "python",
        PYTHON,
        'class Engine:\n    """An engine."""\n\n    size = 2\n\n    def stop(self):\n        pass\n',
        "    size = 1\n",
        "    size = 2\n",
    ),
    Case(
        "a function that leaves code out",
        "python",
        PYTHON,
        "    def run(self):\n        a = 1\n        # ... existing code ...\n        return a * b * c\n",
        "        return a + b + c\n",
        "        return a * b * c\n",
    ),
    Case(
        "an import comes after the others, a new function before what it stands before",
        "python",
        PYTHON,
        'import json\n\n\ndef load():\n    return json\n\n\nif __name__ == "__main__":\n    hello("x")\n',
        'import sys\n\nTIMEOUT = 10\n\n\n@app.route("/")\ndef hello(name):\n    """Say it."""\n'
        '    print("hello", name)\n\n\n' + PYTHON[PYTHON.index("class") :],
        'import sys\nimport json\n\nTIMEOUT = 10\n\n\n@app.route("/")\ndef hello(name):\n    """Say it."""\n'
        '    print("hello", name)\n\n\n'
        + PYTHON[PYTHON.index("class") : PYTHON.index("if __name__")]
        + 'def load():\n    return json\n\n\nif __name__ == "__main__":\n    hello("x")\n',
    ),
    Case(
        "of a property and its setter the one that is alike",
        "python",
        "class A:\n    @property\n    def size(self):\n        return 1\n\n    @size.setter\n"
        "    def size(self, value):\n        self.x = value\n\n    def other(self):\n        pass\n",
        "class A:\n    @size.setter\n    def size(self, value):\n        self.y = value\n",
        "self.x = value",
        "self.y = value",
    ),
    Case("a constant", "python", PYTHON, "TIMEOUT = 30\n", "TIMEOUT = 10\n", "TIMEOUT = 30\n"),
    Case(
        "lines that begin and end as a part does",
        "python",
        PYTHON,
        "a = 1\nb = 20\nextra = 4\nreturn a + b + c\n",
        "        b = 2\n        c = 3\n",
        "        b = 20\n        extra = 4\n",
    ),
    Case(
        "the name of the file above it is no code",
        "python",
        PYTHON,
        "# src/engine.py\nTIMEOUT = 30\n",
        "TIMEOUT = 10\n",
        "TIMEOUT = 30\n",
    ),
    Case(
        "four spaces become the document's two",
        "typescript",
        TYPESCRIPT,
        "export class Thing {\n    // ... existing code ...\n\n    get size(): number {\n"
        "        if (this.count) {\n            return 1;\n        }\n        return 0;\n    }\n}\n",
        "    return this.count;\n",
        "    if (this.count) {\n      return 1;\n    }\n    return 0;\n",
    ),
    Case(
        "a function in another form",
        "typescript",
        TYPESCRIPT,
        "export function make(options: Options): Thing {\n  return new Thing(options.name);\n}\n",
        "export const make = (options: Options): Thing => {\n  const name = options.name;\n"
        "  return new Thing(name);\n};\n",
        "export function make(options: Options): Thing {\n  return new Thing(options.name);\n}\n",
    ),
    Case(
        "a test by its title",
        "typescript",
        TYPESCRIPT,
        '  it("loads", () => {\n    expect(2).toBe(2);\n  });\n',
        "    expect(1).toBe(1);\n",
        "    expect(2).toBe(2);\n",
    ),
    Case(
        "a method of Go by its receiver, spaces to tabs, and an import into its group",
        "go",
        GO,
        'package main\n\nimport (\n    "log"\n)\n\nfunc (s *Server) Run() error {\n    log.Println(s.addr)\n'
        "    return nil\n}\n",
        '\t"os"\n)\n\n// Run runs.\nfunc (s *Server) Run() error {\n\tfmt.Println(s.addr)\n',
        '\t"os"\n\t"log"\n)\n\n// Run runs.\nfunc (s *Server) Run() error {\n\tlog.Println(s.addr)\n',
    ),
    Case(
        "the rest of the code stays",
        "go",
        GO,
        'func main() {\n\ts := &Server{addr: ":8080"}\n\t// ... rest of the code\n}\n',
        '\ts := &Server{addr: ":80"}\n',
        '\ts := &Server{addr: ":8080"}\n',
    ),
    Case(
        "new lines beside code that is left out take nothing away",
        "python",
        PYTHON,
        "    def run(self):\n        a = 1\n        aa = 11\n\n        # ... existing code ...\n",
        "        a = 1\n",
        "        a = 1\n        aa = 11\n",
    ),
    Case(
        "names that are imported join those of the same place",
        "typescript",
        TYPESCRIPT,
        'import { b, a } from "./a";\n\n// ... existing code ...\n\n'
        "export const make = (options: Options): Thing => {\n  const name = options.name;\n"
        "  return new Thing(name);\n};\n",
        "import { a } from",
        "import { a, b } from",
    ),
    Case(
        "tags that change, around what is left out",
        "html",
        "<main>\n  <div>\n    <p>One</p>\n    <p>Two</p>\n    <p>Three</p>\n  </div>\n</main>\n",
        '<main>\n  <div class="a">\n    <!-- ... -->\n    <p>Three!</p>\n  </div>\n</main>\n',
        "  <div>\n    <p>One</p>\n    <p>Two</p>\n    <p>Three</p>\n",
        '  <div class="a">\n    <p>One</p>\n    <p>Two</p>\n    <p>Three!</p>\n',
    ),
    Case(
        "one function of an impl",
        "rust",
        RUST,
        "impl Point {\n    pub fn x(&self) -> i64 {\n        self.x.into()\n    }\n}\n",
        "    pub fn x(&self) -> i32 {\n        self.x\n",
        "    pub fn x(&self) -> i64 {\n        self.x.into()\n",
    ),
    Case(
        "a struct and its attributes",
        "rust",
        RUST,
        "#[derive(Debug, Clone)]\npub struct Point {\n    x: i32,\n    y: i32,\n}\n",
        "#[derive(Debug)]\npub struct Point {\n    x: i32,\n}\n",
        "#[derive(Debug, Clone)]\npub struct Point {\n    x: i32,\n    y: i32,\n}\n",
    ),
    Case(
        "a section of settings keeps what is not said",
        "toml",
        TOML,
        '[roles]\nchat = "x/y"\nedit = "z/z"\n',
        'chat = "a/b"\n',
        'chat = "x/y"\nedit = "z/z"\n',
    ),
    Case(
        "a new section before the one that it stands before",
        "toml",
        TOML,
        '[caching]\nmode = "off"\n\n[routing]\nsort = "tps"\n',
        '# Limits.\n[routing]\nsort = "cost"\n',
        '[caching]\nmode = "off"\n\n# Limits.\n[routing]\nsort = "tps"\n',
    ),
    Case(
        "a section of prose keeps what is below it",
        "markdown",
        MARKDOWN,
        "## Install\n\nRun it.\n",
        "```sh\n# a comment\nmake\n```\n",
        "Run it.\n",
    ),
    Case(
        "labels and the preprocessor's lines end no function",
        "c",
        C,
        "static int helper(int a, int b)\n{\n    return a + b;\n}\n",
        C[: C.index("}")],
        "static int helper(int a, int b)\n{\n\treturn a + b;\n",
    ),
    Case(
        "a rule by its selector",
        "css",
        ".a:hover,\n.b {\n  color: red;\n}\n\nbody {\n  margin: 0;\n}\n\np {\n  margin: 1em;\n}\n",
        "body {\n  margin: 1px;\n}\n",
        "margin: 0",
        "margin: 1px",
    ),
    Case(
        "all of it, rewritten",
        "go",
        GO,
        GO.replace("return nil", "return err").replace("Exit(1)", "Exit(2)"),
        GO,
        GO.replace("return nil", "return err").replace("Exit(1)", "Exit(2)"),
        "whole",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_block_finds_its_place(case: Case) -> None:
    assert case.document.count(case.old) == 1

    text, placed = apply(case.document, case.code, case.language)

    assert text == case.document.replace(case.old, case.new)
    assert placed == case.placed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_block_that_was_applied_changes_nothing_more(case: Case) -> None:
    once, _ = apply(case.document, case.code, case.language)

    assert apply(once, case.code, case.language)[0] == once


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_line_ends_are_the_documents(case: Case) -> None:
    text, _ = apply(case.document.replace("\n", "\r\n"), case.code, case.language)

    assert text == case.document.replace(case.old, case.new).replace("\n", "\r\n")


def test_of_several_of_one_name_the_selected_one_is_meant() -> None:
    document = dedent("""\
        class A:
            def run(self):
                return 1

        class B:
            def run(self):
                return 2
        """)
    code = "    def run(self):\n        return 3\n"

    assert apply(document, code, "python", span=at(6, 4))[0] == document.replace("return 2", "return 3")
    assert apply(document, code, "python", span=at(2, 4))[0] == document.replace("return 1", "return 3")
