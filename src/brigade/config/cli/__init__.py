"""The `brigade` command.

One module per command, and one table that names them all: `COMMANDS` in
`brigade.config.cli.table`. To add a command, write `config/cli/<name>.py` and
put its name into the table. The module exposes

- `command`, a function with typer options (its docstring is the help), or
- `app`, a `typer.Typer` with a command for each word that follows the name.

A module is imported for every `brigade --help`, so it imports Django and
whatever needs Django inside its functions, after the installation is open:

```python
def command(name: str, json: JsonOption = False) -> None:
    with installation() as here:
        from brigade.kernel.parties import queries

        out = Output(json)
        with out.progress("Looking", total=10) as step:
            step(10)
        out.result({"name": name}, f"That is {name}.")
```

- `installation()` starts or attaches to the database, sets Django up, brings a
  fresh database to its first state, and stops what it started. `here.operator`
  is the account to pass as `by=`, `here.os_user` who sits at the keyboard.
- `Output.result` is the one place that writes to standard output. Progress and
  words on the way (`Output.say`) go to standard error.
- A `Refused` that is not caught becomes one line on standard error and an exit
  code (see `frame.exit_code`); with `--json` also a problem on standard output.
"""

from brigade.config.cli.frame import JsonOption, installation, main
from brigade.config.cli.output import Output

__all__ = ["JsonOption", "Output", "installation", "main"]
