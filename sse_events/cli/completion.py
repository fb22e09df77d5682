"""Completion scripts for shells, made from the parsers of the subcommands."""

from __future__ import annotations

import argparse
from collections.abc import Mapping


def script(shell: str, overview: argparse.ArgumentParser, parsers: Mapping[str, argparse.ArgumentParser]) -> str:
    """The completion script.

    Args:
        shell: ``bash``, ``zsh`` or ``fish``.
        overview: The parser of the command itself.
        parsers: The parser of each subcommand, by its name.
    """
    options = {name: _options(parser) for name, parser in parsers.items()}
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](_options(overview), options)


def _options(parser: argparse.ArgumentParser) -> dict[str, list[str]]:
    """The values of each long option, empty if it takes any value or none."""
    return {
        option: [str(choice) for choice in action.choices or ()]
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--")
    }


def _bash(first: Mapping[str, list[str]], options: Mapping[str, Mapping[str, list[str]]]) -> str:
    cases = "".join(f'        {name}) options="{" ".join(own)}" ;;\n' for name, own in options.items())
    values = "".join(
        f'        {name}) words="{" ".join(choices)}" ;;\n' for name, choices in sorted(_valued(first, options).items())
    )
    return f"""\
_sse_events() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options= words=
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "{" ".join([*options, *first])}" -- "$word"))
        return
    fi
    case $before in
{values}    esac
    if [[ $words ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$word"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{cases}    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}}
complete -o filenames -F _sse_events sse-events
"""


def _zsh(first: Mapping[str, list[str]], options: Mapping[str, Mapping[str, list[str]]]) -> str:
    return "#compdef sse-events\nautoload -U +X bashcompinit && bashcompinit\n" + _bash(first, options)


def _fish(first: Mapping[str, list[str]], options: Mapping[str, Mapping[str, list[str]]]) -> str:
    lines = [f"complete -c sse-events -n __fish_use_subcommand -f -a {name}" for name in options]
    conditions = {"__fish_use_subcommand": first}
    conditions |= {f"'__fish_seen_subcommand_from {name}'": own for name, own in options.items()}
    for condition, own in conditions.items():
        for option, choices in own.items():
            line = f"complete -c sse-events -n {condition} -l {option[2:]}"
            lines.append(f"{line} -x -a '{' '.join(choices)}'" if choices else line)
    return "\n".join([*lines, ""])


def _valued(first: Mapping[str, list[str]], options: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    return {option: choices for own in (first, *options.values()) for option, choices in own.items() if choices}
