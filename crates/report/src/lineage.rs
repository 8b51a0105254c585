//! A finished run in the words of systems that follow data around: OpenLineage events and W3C PROV.
//!
//! Both are told from the run alone. They carry its times, so they are files beside a run and no part of it: the run's
//! own bytes do not depend on the clock.
//!
//! Sources: OpenLineage 2-0-2 (<https://openlineage.io/spec/2-0-2/OpenLineage.json>, Apache-2.0) with its facets of the
//! versions named in [`facet`]; PROV-JSON (<https://www.w3.org/submissions/prov-json/>, W3C member submission).

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::manifest::MANIFEST;
use crate::{Run, Verdict};

/// Who writes the events: a URI, as the specification wants it.
const PRODUCER: &str = concat!("urn:tamis:", env!("CARGO_PKG_VERSION"));

/// Two OpenLineage run events, one a line: `START` with the time the run began, and `COMPLETE` with what it did; `FAIL`
/// instead where its verdict is a failure.
pub fn openlineage(run: &Run) -> io::Result<Vec<u8>> {
    let told = Told::of(run)?;
    let report = &run.report;
    let failed = report.verdict == Verdict::Fail;
    let mut run_facets = json!({
        "processing_engine": facet("1-1-1/ProcessingEngineRunFacet", json!({ "name": "tamis", "version": report.tamis })),
    });
    if failed {
        let message = crate::page::sentence(report);
        let error = json!({ "message": message, "programmingLanguage": "tamis" });
        insert(&mut run_facets, "errorMessage", facet("1-0-1/ErrorMessageRunFacet", error));
    }
    let description = report.pipeline.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut job_facets = json!({
        "jobType": facet(
            "2-0-4/JobTypeJobFacet",
            json!({ "processingType": "BATCH", "integration": "TAMIS", "jobType": "PIPELINE" }),
        ),
        // The pipeline as it ran, every default told: the file it came from may have changed since.
        "sourceCode": facet(
            "1-0-1/SourceCodeJobFacet",
            json!({ "language": "json", "sourceCode": report.pipeline.to_string() }),
        ),
    });
    if !description.is_empty() {
        insert(
            &mut job_facets,
            "documentation",
            facet(
                "1-1-0/DocumentationJobFacet",
                json!({ "description": description, "contentType": "text/plain" }),
            ),
        );
    }
    let job = json!({ "namespace": "tamis", "name": report.name, "facets": job_facets });
    let inputs = inputs(run, &told);
    let outputs = vec![output(run, &told)];
    let event = |kind: &str, time: &str, facets: &Value, inputs: &[Value], outputs: &[Value]| {
        json!({
            "eventType": kind,
            "eventTime": time,
            "run": { "runId": told.run_id, "facets": facets },
            "job": job,
            "inputs": inputs,
            "outputs": outputs,
            "producer": PRODUCER,
            "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        })
    };
    let engine = json!({ "processing_engine": run_facets.get("processing_engine") });
    let bare = |datasets: &[Value]| -> Vec<Value> {
        let plain =
            |dataset: &Value| json!({ "namespace": dataset.get("namespace"), "name": dataset.get("name") });
        datasets.iter().map(plain).collect()
    };
    let end = if failed { "FAIL" } else { "COMPLETE" };
    let mut lines = Vec::new();
    for event in [
        event("START", &told.started, &engine, &bare(&inputs), &bare(&outputs)),
        event(end, &told.finished, &run_facets, &inputs, &outputs),
    ] {
        serde_json::to_writer(&mut lines, &event)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The inputs as datasets of files. What was read is known of all of them together: it is told of the first.
fn inputs(run: &Run, told: &Told) -> Vec<Value> {
    let report = &run.report;
    let datasets = told.inputs.iter().enumerate().map(|(place, path)| {
        let mut input_facets = json!({});
        if place == 0 {
            let statistics = json!({
                "rowCount": report.accounting.documents,
                "size": report.totals.raw_bytes,
                "fileCount": report.found.files,
            });
            insert(&mut input_facets, "inputStatistics", facet("1-0-0/InputStatisticsInputDatasetFacet", statistics));
            if !report.gates.is_empty() {
                insert(
                    &mut input_facets,
                    "dataQualityAssertions",
                    facet("1-1-0/DataQualityAssertionsDatasetFacet", json!({ "assertions": assertions(run) })),
                );
            }
        }
        json!({
            "namespace": "file",
            "name": path,
            "facets": {
                "dataSource": facet("1-0-1/DatasourceDatasetFacet", json!({ "name": "file", "uri": uri(path) })),
            },
            "inputFacets": input_facets,
        })
    });
    datasets.collect()
}

/// The gates. A warning is an assertion that holds.
fn assertions(run: &Run) -> Vec<Value> {
    let assertions = run.report.gates.iter().map(|gate| {
        let condition = gate.error_if.as_ref().or(gate.warn_if.as_ref());
        let condition = condition.map(|condition| format!(" not {condition}")).unwrap_or_default();
        json!({
            "assertion": format!("{}{condition}", gate.metric),
            "success": gate.verdict != Verdict::Fail,
            "severity": if gate.error_if.is_some() { "error" } else { "warn" },
            "actual": gate.value.to_string(),
        })
    });
    assertions.collect()
}

/// The kept documents as a dataset, with the schema of its records.
fn output(run: &Run, told: &Told) -> Value {
    let report = &run.report;
    let shards: Vec<_> =
        run.manifest.files.iter().filter(|file| file.path.starts_with("documents/")).collect();
    let statistics = json!({
        "rowCount": report.accounting.kept,
        "size": shards.iter().map(|file| file.bytes).sum::<u64>(),
        "fileCount": shards.len(),
    });
    json!({
        "namespace": "file",
        "name": told.output,
        "facets": {
            "dataSource": facet("1-0-1/DatasourceDatasetFacet", json!({ "name": "file", "uri": uri(&told.output) })),
            "storage": facet("1-0-1/StorageDatasetFacet", json!({ "storageLayer": "file", "fileFormat": "jsonl" })),
            "version": facet("1-0-1/DatasetVersionDatasetFacet", json!({ "datasetVersion": told.manifest_sha256 })),
            "schema": facet("1-2-0/SchemaDatasetFacet", json!({ "fields": crate::croissant::columns() })),
        },
        "outputFacets": {
            "outputStatistics": facet("1-0-2/OutputStatisticsOutputDatasetFacet", statistics),
        },
    })
}

/// A facet: its content, who tells it, and the schema it follows, `1-0-1/Name`.
fn facet(schema: &str, mut content: Value) -> Value {
    let name = schema.split('/').next_back().unwrap_or_default();
    insert(&mut content, "_producer", json!(PRODUCER));
    let url = format!("https://openlineage.io/spec/facets/{schema}.json#/$defs/{name}");
    insert(&mut content, "_schemaURL", json!(url));
    content
}

/// The run as a PROV-JSON document: inputs, pipeline and files as entities; the run and its stages as activities;
/// tamis as the agent.
pub fn prov(run: &Run) -> io::Result<Vec<u8>> {
    let told = Told::of(run)?;
    let report = &run.report;
    let activity = format!("run:{}", told.run_id);
    let mut entities = Map::new();
    let mut used = Map::new();
    let mut generated = Map::new();
    let mut derived = Map::new();
    let mut members = Map::new();
    entities.insert(
        "run:pipeline".to_owned(),
        json!({
            "prov:type": { "$": "prov:Plan", "type": "prov:QUALIFIED_NAME" },
            "prov:label": report.name,
            "tamis:pipeline": report.pipeline.to_string(),
        }),
    );
    entities.insert(
        "run:output".to_owned(),
        json!({
            "prov:type": { "$": "prov:Collection", "type": "prov:QUALIFIED_NAME" },
            "prov:location": told.output,
            "tamis:sha256OfManifest": told.manifest_sha256,
            "tamis:kept": integer(report.accounting.kept),
            "tamis:verdict": report.verdict.name(),
        }),
    );
    generated.insert(
        "_:output".to_owned(),
        json!({ "prov:entity": "run:output", "prov:activity": activity, "prov:time": told.finished }),
    );
    for (place, path) in told.inputs.iter().enumerate() {
        let name = format!("run:input-{place}");
        entities.insert(name.clone(), json!({ "prov:location": path, "prov:label": path }));
        used.insert(format!("_:input-{place}"), json!({ "prov:activity": activity, "prov:entity": name }));
        derived.insert(
            format!("_:derived-{place}"),
            json!({ "prov:generatedEntity": "run:output", "prov:usedEntity": name, "prov:activity": activity }),
        );
    }
    for (place, file) in run.manifest.files.iter().enumerate() {
        let name = format!("run:file-{place}");
        entities.insert(
            name.clone(),
            json!({
                "prov:label": file.path,
                "tamis:bytes": integer(file.bytes),
                "tamis:sha256": file.sha256,
            }),
        );
        members.insert(
            format!("_:member-{place}"),
            json!({ "prov:collection": "run:output", "prov:entity": name }),
        );
    }
    let mut activities = Map::new();
    activities.insert(
        activity.clone(),
        json!({
            "prov:startTime": told.started,
            "prov:endTime": told.finished,
            "prov:label": format!("tamis run of {}", report.name),
            "tamis:documents": integer(report.accounting.documents),
            "tamis:dropped": integer(report.accounting.dropped),
            "tamis:failed": integer(report.accounting.failed),
        }),
    );
    let mut informed = Map::new();
    for (place, stage) in report.stages.iter().enumerate() {
        let name = format!("run:stage-{}", place + 1);
        activities.insert(
            name.clone(),
            json!({
                "prov:label": stage.stage,
                "tamis:version": integer(stage.version.into()),
                "tamis:documents": integer(stage.documents),
                "tamis:dropped": integer(stage.dropped),
                "tamis:failed": integer(stage.failed),
            }),
        );
        let before = if place == 0 { activity.clone() } else { format!("run:stage-{place}") };
        informed.insert(
            format!("_:after-{}", place + 1),
            json!({ "prov:informed": name, "prov:informant": before }),
        );
    }
    let document = json!({
        "prefix": {
            "tamis": "urn:tamis#",
            "run": format!("urn:uuid:{}#", told.run_id),
        },
        "entity": entities,
        "activity": activities,
        "agent": { "tamis:software": {
            "prov:type": { "$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME" },
            "prov:label": format!("tamis {}", report.tamis),
        } },
        "used": used,
        "wasGeneratedBy": generated,
        "wasDerivedFrom": derived,
        "hadMember": members,
        "wasInformedBy": informed,
        "wasAssociatedWith": { "_:association": {
            "prov:activity": activity, "prov:agent": "tamis:software", "prov:plan": "run:pipeline",
        } },
        "wasAttributedTo": { "_:attribution": { "prov:entity": "run:output", "prov:agent": "tamis:software" } },
    });
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A count, typed: plain numbers are read as `xsd:int`, which ends at two milliards.
fn integer(number: u64) -> Value {
    json!({ "$": number.to_string(), "type": "xsd:unsignedLong" })
}

/// What both tell.
struct Told {
    run_id: String,
    started: String,
    finished: String,
    /// Absolute paths.
    inputs: Vec<String>,
    output: String,
    manifest_sha256: String,
}

impl Told {
    fn of(run: &Run) -> io::Result<Self> {
        let Some(facts) = &run.facts else {
            return Err(io::Error::other("run.json is not there: nothing tells when the run was"));
        };
        let mut manifest_sha256 = String::new();
        tamis_io::sha256(&fs_err::read(run.root.join(MANIFEST))?, &mut manifest_sha256);
        let absolute = |path: PathBuf| {
            let path = std::path::absolute(&path).unwrap_or(path);
            path.to_string_lossy().into_owned()
        };
        Ok(Self {
            run_id: uuid(&format!("{manifest_sha256}\n{}", facts.started)),
            started: facts.started.clone(),
            finished: facts.finished.clone(),
            inputs: run.inputs().into_iter().map(absolute).collect(),
            output: absolute(run.root.clone()),
            manifest_sha256,
        })
    }
}

/// A UUID of version 8 (RFC 9562, 5.8): 122 bits of the SHA-256 of a name. The same run has the same id, whenever it is
/// told of.
fn uuid(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0_u8; 16];
    for (place, (to, from)) in bytes.iter_mut().zip(digest).enumerate() {
        *to = match place {
            6 => from & 0x0f | 0x80,
            8 => from & 0x3f | 0x80,
            _ => from,
        };
    }
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The URI of a path: everything but what RFC 3986 calls unreserved, and the slashes, is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::from("file://");
    if !Path::new(path).has_root() {
        uri.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_8_and_follow_from_the_name() {
        let id = uuid("one");
        assert_eq!(id, uuid("one"));
        assert_ne!(id, uuid("two"));
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'8');
        assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("/a b/é.txt"), "file:///a%20b/%C3%A9.txt");
    }
}
