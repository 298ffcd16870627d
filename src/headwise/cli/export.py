"""`headwise export`: a model file for another runtime."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headwise.models.litert.export import Exported

SUMMARY = "add files for another runtime to a model"
EXAMPLES = """\
  headwise export home.headwise --to litert
  headwise export home.headwise --to litert --quantize int8 -o home-litert.headwise
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model file of a network (fc, lstm, conv1d)")
    parser.add_argument("--to", choices=("litert",), required=True, help="runtime to add files for")
    parser.add_argument("--quantize", choices=("int8",), help="add files with weights in 8 bits too")
    parser.add_argument("-o", "--output", metavar="MODEL", type=Path, help="model file to write (the one that was given)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Convert, compare with ONNX Runtime, write the model file whole or not at all."""
    from headwise.cli.output import write_json
    from headwise.cli.progress import share_done
    from headwise.cli.training import check_folder
    from headwise.models.archive import write_archive
    from headwise.models.litert.export import export
    from headwise.models.trainable import read_trainable

    output = arguments.output or arguments.model
    check_folder(output)
    model = read_trainable(arguments.model)
    with share_done("exporting") as tell:
        exported = export(model, int8=arguments.quantize == "int8", tell=tell)
    write_archive(output, exported.manifest, exported.files)
    if arguments.json:
        write_json(_summary(output, exported))
    else:
        _print(output, exported)
    return 0


def _summary(output: Path, exported: Exported) -> dict[str, Any]:
    sizes = {name: len(content) for name, content in exported.files.items() if not name.startswith("trainable/")}
    agreements = {name: each.to_json() for name, each in exported.agreements.items()}
    return {"model": str(output), "files": sizes, "real_rows": exported.real_rows, "agreement": agreements}


def _print(output: Path, exported: Exported) -> None:
    from headwise.cli.output import write_table
    from headwise.cli.progress import quantity
    from headwise.models.litert.files import runtime_of

    rows = []
    for name, agreement in exported.agreements.items():
        size = sum(len(content) for file, content in exported.files.items() if runtime_of(file) == name)
        rows.append([name, quantity(size, "B"), agreement.rows, f"{100 * agreement.labels:.2f} %", f"{agreement.difference:.1e}"])
    headings = ("runtime", "size", "rows compared", "same label as onnx", "largest difference")
    write_table(headings, rows, right=headings[1:])
    print(f"{output}: {exported.real_rows} of the rows are real windows, of the model's replay sample")
