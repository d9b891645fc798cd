"""A session in a real Emacs, with the Lisp lines of README.md."""

from pathlib import Path

from support.editors import SCRIPTS, find_editor, readme_block, run_session


def test_the_lisp_lines_of_the_readme_work_in_emacs(tmp_path: Path) -> None:
    emacs = find_editor("emacs", "apt install emacs-nox elpa-eglot")
    (tmp_path / "readme.el").write_text(readme_block("elisp"), "utf-8")

    said = run_session([emacs, "--batch", "-l", str(SCRIPTS / "session.el")], tmp_path)

    assert "session complete" in said
