"""A contract that import-linter does not bring: rooms are entered by their front."""

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontContract(Contract):
    """No module imports the inside of a room that it does not stand in.

    A room is a package right below one of the containers; its front is its `__init__`.
    """

    type_name = "front"

    containers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find the imports that pass by a front."""
        containers = cast("list[str]", self.containers)
        rooms = {room for one in containers for room in graph.find_children(one)}
        found = [
            (importer, inside)
            for room in sorted(rooms)
            for inside in sorted(graph.find_descendants(room))
            for importer in sorted(graph.find_modules_that_directly_import(inside))
            if importer != room and not importer.startswith(f"{room}.")
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say which imports those are."""
        for importer, inside in check.metadata["found"]:
            output.print_error(f"{importer} imports {inside}, not the front of its room")
