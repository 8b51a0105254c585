//! A small run, written through the same types as the runner writes, with stages of its own.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tamis_core::{
    About, Amount, AmountKind, Claims, Currency, Decimal, Decode, Decoding, Dropped, Editor,
    EncodingEvidence, Engine, Language, LanguageShares, LanguageTag, Metadata, Original, Outcome, Plan,
    PlannedStage, Rule, Scratch, Span, Stage, StageError, StageKind, StageSpec, TextBuilder, Verdict, View,
};
use tamis_io::{
    AtomicFile, Compression, Cutting, DocumentReader, FrameWriter, LedgerLine, Limits, PROVENANCE_HEADER,
    ReadDocument, Tally, TallyBuffer, UnitWork, WrittenFile, discover, provenance_row, sha256, units,
    write_record,
};
use tamis_report::{
    Found, ReportInput, Run, RunFacts, RunFactsInput, write_manifest, write_report, write_run_facts,
};

macro_rules! rule {
    ($name:ident, $id:literal, $reason:literal) => {
        pub(crate) static $name: Rule =
            Rule { id: $id, reason: $reason, since: "0.1.0", before: "", after: "" };
    };
}

rule!(ENTITY, "read/entity", "an entity stands for its character");
rule!(BINARY, "read/binary", "bytes of another kind of file are no text");
rule!(MENU, "tidy/menu", "a line in brackets is a menu");
rule!(SPACE, "tidy/space", "a no-break space is a space");
rule!(FULL_STOP, "tidy/full-stop", "a text ends with a full stop");
rule!(SHORT, "tidy/short", "a text of a few words is no article");
rule!(TWIN, "tidy/twin", "the same text was kept <b onclick=alert('rule')>before</b> & \"again\"");

static READ: StageSpec = StageSpec {
    name: "read",
    summary: "reads bytes as text",
    version: 1,
    kind: StageKind::Decode,
    claims: Claims { idempotent: false, only_shrinks: false },
    rules: &[&ENTITY, &BINARY],
    about: About::NOTHING,
};

static TIDY: StageSpec = StageSpec {
    name: "tidy",
    summary: "takes menus away",
    version: 3,
    kind: StageKind::Edit,
    claims: Claims { idempotent: true, only_shrinks: false },
    rules: &[&MENU, &SPACE, &FULL_STOP, &SHORT, &TWIN],
    about: About::NOTHING,
};

/// Valid UTF-8 as such, else windows-1252; `&amp;` is replaced, a NUL refused.
struct Read;

impl Decode for Read {
    fn spec(&self) -> &'static StageSpec {
        &READ
    }

    fn decode(
        &self,
        raw: &[u8],
        _: &Metadata,
        text: &mut TextBuilder<'_>,
        _: &mut Scratch,
    ) -> Result<Decoding, StageError> {
        if let Some(at) = raw.iter().position(|byte| *byte == 0) {
            return Err(StageError::refused(&BINARY, "binary: NUL").at(at));
        }
        let latin = std::str::from_utf8(raw).is_err();
        let mut rest = raw;
        while !rest.is_empty() {
            let at = rest.windows(5).position(|window| window == b"&amp;").unwrap_or(rest.len());
            let (kept, after) = rest.split_at(at);
            if latin {
                text.transcoded(kept.len(), &encoding_rs::WINDOWS_1252.decode(kept).0, 1);
            } else {
                text.kept(std::str::from_utf8(kept).unwrap());
            }
            rest = after;
            if !rest.is_empty() {
                text.replaced(5, "&", &ENTITY);
                rest = &rest[5..];
            }
        }
        Ok(Decoding {
            encoding: if latin { "windows-1252" } else { "utf-8" },
            evidence: if latin { EncodingEvidence::Detected } else { EncodingEvidence::Utf8 },
            declared: None,
            runner_up: None,
            replacements: 0,
            repairs: 0,
        })
    }
}

/// Removes lines in brackets, replaces no-break spaces, ends with a full stop, drops the short.
struct Tidy {
    shortest: usize,
    menus: bool,
}

impl Stage for Tidy {
    fn spec(&self) -> &'static StageSpec {
        &TIDY
    }

    fn apply(&self, view: View<'_>, editor: &mut Editor<'_>, _: &mut Scratch) -> Result<Verdict, StageError> {
        let words = view.text.split_whitespace().count();
        let mut at = 0;
        for line in view.text.split_inclusive('\n') {
            if self.menus && line.starts_with('[') {
                editor.remove_scored(Span::of(at, at + line.len()), &MENU, 7)?;
            } else {
                for (place, _) in line.match_indices('\u{a0}') {
                    editor.replace(Span::of(at + place, at + place + 2), " ", &SPACE)?;
                }
            }
            at += line.len();
        }
        if !view.text.trim_end().ends_with('.') {
            editor.insert(tamis_core::TextSize::of(view.text.len()), ".", &FULL_STOP)?;
        }
        if words < self.shortest {
            let threshold = Some(self.shortest as f64);
            return Ok(Verdict::Drop { rule: &SHORT, value: Some(words as f64), threshold });
        }
        Ok(Verdict::Keep)
    }
}

pub(crate) fn plan(options: &Options) -> Plan {
    let tidy = Tidy { shortest: options.shortest, menus: options.menus };
    let stages = vec![PlannedStage::decode(Box::new(Read)), PlannedStage::document(Box::new(tidy))];
    Plan::new("essai", stages)
}

/// The inputs of the small run: two encodings, an entity, a duplicate, a short text, a binary file, JSONL with a
/// broken record, and a hostile name.
pub(crate) fn inputs() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("a.txt", "[Accueil | Sport]\nLe port vaut 12\u{a0}millions d’euros.\nFin de l’article.".as_bytes()),
        ("b.txt", b"L'\xe9t\xe9 &amp; l'hiver sont l\xe0"),
        ("c/double.txt", "Le port vaut 12 millions d’euros.\nFin de l’article.".as_bytes()),
        ("c/court.txt", "Trop court".as_bytes()),
        ("d.txt", b"PNG\0\0"),
        ("e<img src=x onerror=alert(1)>\u{202e}.txt", b"</script><script>alert('un')</script> trois mots."),
    ] {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let records = concat!(
        "{\"id\":\"r1\",\"text\":\"Une d\\u00e9p\\u00eache, \\\"br\\u00e8ve\\\" & claire.\",\"url\":\"https://port.example/\",\"note\":1}\n",
        "{\"id\":\"r2\",\"text\":7}\n",
        "\n",
        "{\"text\":\"[Menu]\\nUn texte sans identifiant propre.\"}\n",
    );
    fs::write(root.path().join("f.jsonl"), records).unwrap();
    root
}

pub(crate) struct Options {
    pub(crate) compression: Compression,
    pub(crate) counts_only: bool,
    pub(crate) limit: Option<u64>,
    /// Texts of fewer words are dropped.
    pub(crate) shortest: usize,
    /// Whether menus are removed.
    pub(crate) menus: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { compression: Compression::Zstd, counts_only: false, limit: None, shortest: 3, menus: true }
    }
}

/// Uncompressed, so that tests can change single characters.
pub(crate) const OPTIONS: Options =
    Options { compression: Compression::None, counts_only: false, limit: None, shortest: 3, menus: true };

/// Writes a run of `inputs` into `root`, two documents a shard.
pub(crate) fn write_run(inputs: &[PathBuf], root: &Path, options: &Options) {
    let plan = plan(options);
    let found = discover(inputs, &[]).unwrap();
    let units = units(&found, Cutting::default()).unwrap();
    let mut tally = Tally::default();
    let mut files = Vec::new();
    let mut rows = (PROVENANCE_HEADER.join(",") + "\n").into_bytes();
    for folder in ["documents", "ledger"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let mut shard = Shard::new(options.compression);
    let mut kept: Vec<(String, String)> = Vec::new();
    let mut engine = Engine::default();
    let mut left = options.limit.unwrap_or(u64::MAX);
    for unit in &units {
        // As the runner has it: what could not be read is a shard of its own.
        if unit.work == UnitWork::Unreadable && shard.lines > 0 {
            shard = shard.close(root, options.compression, &mut files);
        }
        let mut reader = DocumentReader::new(unit, &found, Limits::default());
        let mut read = ReadDocument::default();
        while left > 0 && reader.next(&mut read) {
            left -= 1;
            let raw_bytes = read.document.raw.len() as u64;
            let unread = read.document.outcome != Outcome::Kept;
            if !unread {
                engine.run_stages(&plan, 0..2, &mut read.document);
            }
            annotate(&mut read);
            let mut duplicate_of = None;
            if read.document.outcome == Outcome::Kept {
                let twin =
                    kept.iter().find(|(_, text)| *text == read.document.text).map(|(id, _)| id.clone());
                if twin.is_some() {
                    let rule = plan.stages()[1].rules().index(&TWIN).unwrap();
                    read.document.outcome = Outcome::Dropped(Dropped {
                        stage: 1,
                        rule,
                        value: Some(1.0),
                        threshold: Some(0.7),
                        duplicate_of: Some(Original::Document(0)),
                        similarity: Some(1.0),
                    });
                    duplicate_of = twin;
                } else {
                    kept.push((read.document.metadata.id.clone(), read.document.text.clone()));
                }
            }
            let (mut raw_hash, mut text_hash) = (String::new(), String::new());
            if !unread {
                sha256(&read.document.raw, &mut raw_hash);
            }
            sha256(read.document.text.as_bytes(), &mut text_hash);
            if read.document.outcome == Outcome::Kept {
                write_record(
                    &read.document,
                    &read.location,
                    &read.extra,
                    &raw_hash,
                    raw_bytes,
                    shard.documents.line(),
                );
            }
            let line = LedgerLine::of(
                &plan,
                &read,
                duplicate_of.as_deref(),
                raw_bytes,
                &raw_hash,
                &text_hash,
                options.counts_only,
            );
            line.write(shard.ledger.line());
            provenance_row(&line, &mut rows);
            tally.count(&plan, &read.document, raw_bytes, &mut TallyBuffer::default());
            shard.lines += 1;
            if shard.lines == 2 {
                shard = shard.close(root, options.compression, &mut files);
            }
        }
    }
    shard.close(root, options.compression, &mut files);
    files.push(AtomicFile::write_all(root, "provenance.csv", &rows).unwrap());
    let pipeline = json!({
        "name": "essai",
        "description": "Un <b>petit</b> essai",
        "input": { "include": [] },
        "stages": [
            { "use": "read", "version": 1, "options": {} },
            { "use": "tidy", "version": 3, "options": { "short": options.shortest, "menus": options.menus, "words": ["</dd><script>"] } },
        ],
        "limits": { "document-bytes": Limits::default().document_bytes, "max-failed": 0 },
        "output": {
            "compression": options.compression,
            "ledger": if options.counts_only { "counts" } else { "edits" },
        },
        "gates": [],
    });
    let given: Vec<String> = inputs.iter().map(|path| path.to_str().unwrap().to_owned()).collect();
    let now = std::time::SystemTime::now();
    let facts = RunFacts::new(&RunFactsInput {
        inputs: &given,
        pipeline_file: None,
        started: now,
        finished: now + std::time::Duration::from_millis(1500),
        times: &[("phase 1".to_owned(), std::time::Duration::from_millis(1400))],
        jobs: 1,
        reused: tamis_report::ReusedFacts::default(),
        stages: &[],
        documents: tally.documents,
        raw_bytes: tally.raw_bytes,
    });
    let report = ReportInput {
        plan: &plan,
        tally: &tally,
        pipeline: &pipeline,
        warnings: &["one <script> to look at".to_owned()],
        gates: &[],
        max_failed: 2,
        limit: options.limit,
        found: Found { files: found.files.len() as u64, ..Found::default() },
        files: &files.clone(),
        files_read: &found.files,
        facts: &facts,
    };
    files.extend(write_report(root, &report).unwrap());
    write_run_facts(root, &facts).unwrap();
    write_manifest(root, &files).unwrap();
}

/// A language, the first line as a sentence, and "12 millions d’euros" as an amount.
fn annotate(read: &mut ReadDocument) {
    let document = &mut read.document;
    let line = document.text.lines().next().map_or(0, str::len);
    if document.outcome != Outcome::Kept || line == 0 {
        return;
    }
    let tag = LanguageTag::new("fr");
    let mut shares = LanguageShares::default();
    shares.add(tag, 0.8);
    shares.add(LanguageTag::new("en"), 0.2);
    document.annotations.language =
        Some(Language { tag, confidence: 0.987, second: None, margin: 0.5, shares });
    document.annotations.sentences.push(Span::of(0, line));
    if let Some(start) = document.text.find("12 millions d’euros") {
        let span = Span::of(start, start + "12 millions d’euros".len());
        document.annotations.amounts.push(Amount {
            value: Decimal::new(12, 0).shifted(6),
            currency: Currency::new("EUR"),
            magnitude: Some(6),
            ..Amount::new(span, AmountKind::Money, "amounts/unit-after")
        });
    }
}

struct Shard {
    number: usize,
    lines: usize,
    documents: FrameWriter,
    ledger: FrameWriter,
}

impl Shard {
    fn new(compression: Compression) -> Self {
        Self {
            number: 0,
            lines: 0,
            documents: FrameWriter::new(compression),
            ledger: FrameWriter::new(compression),
        }
    }

    fn close(mut self, root: &Path, compression: Compression, files: &mut Vec<WrittenFile>) -> Self {
        for (folder, writer) in [("documents", &mut self.documents), ("ledger", &mut self.ledger)] {
            let content = writer.finish().unwrap();
            if !content.is_empty() {
                let name = format!("{folder}/part-{:05}.jsonl{}", self.number, compression.extension());
                files.push(AtomicFile::write_all(root, &name, &content).unwrap());
            }
        }
        Self { number: self.number + 1, ..Self::new(compression) }
    }
}

/// A run of the usual inputs and its directory.
pub(crate) fn run(options: &Options) -> (tempfile::TempDir, tempfile::TempDir, Run) {
    let (inputs, out) = (inputs(), tempfile::tempdir().unwrap());
    write_run(&[inputs.path().to_owned()], out.path(), options);
    let run = Run::open(out.path()).unwrap();
    (inputs, out, run)
}
