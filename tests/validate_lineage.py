#!/usr/bin/env python3
"""Holds what `--emit` writes to the packages that read it: validate_lineage.py EVENTS.jsonl RUN.prov.json

OpenLineage events are rebuilt with the classes that `openlineage-python` generates from the specification: a key that a
class does not know, one that it misses, or a schema of another version is an error. PROV-JSON is read by `prov`, written
again, and must be the same document. Skips, with exit code 0, what is not installed (`pip install openlineage-python prov`)."""
import importlib
import json
import pkgutil
import sys


def facet_classes():
    """Facet classes by the URL of their schema."""
    from openlineage.client import generated

    classes = {}
    for module in pkgutil.iter_modules(generated.__path__):
        found = importlib.import_module(f"openlineage.client.generated.{module.name}")
        for candidate in vars(found).values():
            if isinstance(candidate, type) and hasattr(candidate, "_get_schema"):
                classes[candidate._get_schema()] = candidate
    return classes


def rebuild(facet, classes):
    schema = facet["_schemaURL"]
    assert schema in classes, f"no facet has the schema {schema}"
    content = {key: value for key, value in facet.items() if not key.startswith("_")}
    return classes[schema](**content, producer=facet["_producer"])


def facets(told, classes):
    return {name: rebuild(facet, classes) for name, facet in (told or {}).items()}


def check_openlineage(path):
    try:
        from openlineage.client import event_v2, serde
    except ImportError:
        print("skipped: `openlineage-python` is not installed")
        return
    classes = facet_classes()
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    assert [event["eventType"] for event in events] in (["START", "COMPLETE"], ["START", "FAIL"]), "event types"
    for told in events:
        def dataset(kind, told, own):
            return kind(told["namespace"], told["name"], facets=facets(told.get("facets"), classes),
                        **{own: facets(told.get(own), classes)})

        event = event_v2.RunEvent(
            eventTime=told["eventTime"],
            eventType=event_v2.RunState[told["eventType"]],
            producer=told["producer"],
            run=event_v2.Run(told["run"]["runId"], facets(told["run"]["facets"], classes)),
            job=event_v2.Job(told["job"]["namespace"], told["job"]["name"], facets(told["job"]["facets"], classes)),
            inputs=[dataset(event_v2.InputDataset, one, "inputFacets") for one in told["inputs"]],
            outputs=[dataset(event_v2.OutputDataset, one, "outputFacets") for one in told["outputs"]],
        )
        assert told["schemaURL"] == event.schemaURL, f"{told['schemaURL']} is not {event.schemaURL}"
        again = json.loads(serde.Serde.to_json(event))
        assert again["run"]["runId"] == told["run"]["runId"]
        assert len(again["inputs"]) == len(told["inputs"]) and len(again["outputs"]) == len(told["outputs"])
    print(f"{path}: {len(events)} events are valid for openlineage-python")


def check_prov(path):
    try:
        from prov.model import ProvDocument
    except ImportError:
        print("skipped: `prov` is not installed")
        return
    with open(path, encoding="utf-8") as file:
        text = file.read()
    document = ProvDocument.deserialize(content=text, format="json")
    assert ProvDocument.deserialize(content=document.serialize(format="json"), format="json") == document
    told = json.loads(text)
    records = sum(len(value) for key, value in told.items() if key != "prefix")
    assert len(document.get_records()) == records, f"{len(document.get_records())} of {records} records were read"
    document.get_provn()
    print(f"{path}: {records} records are valid for prov")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    check_openlineage(sys.argv[1])
    check_prov(sys.argv[2])
