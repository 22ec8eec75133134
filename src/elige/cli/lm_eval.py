"""`elige lm-eval`: lm-evaluation-harness with elige's models."""

import typer

# Every argument is lm-eval's, --help too.
SETTINGS = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


def lm_eval(context: typer.Context) -> None:
    """Run lm-evaluation-harness with any model of elige; every argument is lm-eval's.

    elige lm-eval --model elige --model_args pretrained=smollm2-135m-instruct --tasks TASK
    """
    from elige import harness

    raise typer.Exit(harness.run(context.args))
