"""Modules become scripts that do the same."""

import shutil
import subprocess

import pytest

from generator.errors import ThemeError
from generator.render.scripts import bundled
from generator.render.theme import theme_of
from generator.shipped import theme_folder

MODULES = {
    "page.js": """import { one as first, two } from "./a.js";
const one = await 5;
console.log(first + two() + one); // 8
""",
    "a.js": """import { made as built } from "./b-c.js";
const made = built;
/** Two. */
export const one = made;
export function two() {
  return 2;
}
""",
    "b-c.js": "export const made = 1;\n",
    "alone.js": "const text = `${1}`;\n",
}


def run(script: str) -> str:
    """Return what `script` prints."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js here; scripts run in the browser tests")
    done = subprocess.run([node, "--input-type=module"], input=script.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_scripts_have_their_modules_within() -> None:
    """What nothing imports is served; names of modules do not meet; comments are gone."""
    made = dict(bundled(MODULES, "theme"))

    assert made.keys() == {"page.js", "alone.js"}
    assert run(made["page.js"]) == "8"
    assert "import" not in made["page.js"] and "Two." not in made["page.js"] and "// 8" not in made["page.js"]


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"a.js": 'import { x } from "./b.js";\n'}, "no b.js"),
        ({"a.js": 'import { x } from "./b.js";\n', "b.js": 'import { y } from "./a.js";\n'}, "import each other"),
        ({"a.js": "export default 1;\n"}, "export default"),
        ({"a.js": 'import * as b from "./b.js";\n', "b.js": ""}, "import \\*"),
        (
            {
                "a.js": 'import { x } from "./b.js";\nimport { x as y } from "./c.js";\n',
                "b.js": "export const x = 1;\n",
                "c.js": "export const x = 2;\n",
            },
            "two modules of a.js export x",
        ),
    ],
)
def test_what_cannot_be_served_is_told(modules: dict[str, str], said: str) -> None:
    """An import that is not understood is an error of the theme, not a broken page."""
    with pytest.raises(ThemeError, match=said):
        dict(bundled(modules, "theme"))


def test_scripts_of_the_theme_are_whole_and_bare() -> None:
    """Node reads every script that is served; none has a comment or an indented line left."""
    scripts = [each for each in theme_of("default", [theme_folder()]).assets if each.path.suffix == ".js"]

    assert scripts
    for script in scripts:
        text = script.data.decode()
        assert not [line for line in text.splitlines() if line.startswith((" ", "//", "/*"))], script.path
        run(f"if (false) {{\n{text.replace('import.meta', 'import_meta')}\n}}")
