"""The README names every refusal, command and source that the code names."""

import re
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"


def code_of(service):
    return "\n".join(
        path.read_text(encoding="utf-8") for path in (SERVICES / service).rglob("*.py")
    )


@pytest.mark.parametrize("service", ["intake", "people"])
def test_every_refusal_and_every_command_is_in_the_readme(service):
    readme = (SERVICES / service / "README.md").read_text(encoding="utf-8")
    code = code_of(service)
    refusals = re.findall(r"^class (\w+)\(Refused\)", code, re.M)
    methods = re.findall(r"@(?:command|query)\([^)]*\)\n    def (\w+)", code)
    assert refusals
    assert methods
    assert [name for name in (*refusals, *methods) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("service", ["intake", "people"])
def test_every_source_that_a_rule_cites_is_listed_and_every_one_listed_is_cited(service):
    readme = (SERVICES / service / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^(\d+)\. ", readme.split("## Sources")[1].split("\n## ")[0], re.M))
    cited = set(re.findall(r"(?<=\s)\[(\d+)\]", code_of(service)))
    assert cited == listed
