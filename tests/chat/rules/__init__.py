"""The rules that broken and unusual servers force, one quirk each; the case names who does it."""
