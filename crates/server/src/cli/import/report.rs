//! What an import has to say: every bad row as it is met, and in the end the counts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use crate::import::{Collection, Format, SinkError};

/// So many bad rows are said. All of them go into the file of bad rows, if one is asked for.
const SAID: u64 = 200;

pub struct Report {
    dry_run: bool,
    file: String,
    created: BTreeMap<&'static str, u64>,
    updated: u64,
    existing: u64,
    bad: u64,
    skipped: BTreeSet<String>,
    unknown_files: Vec<String>,
    bad_rows: Option<csv::Writer<File>>,
}

impl Report {
    pub fn new(bad_rows: Option<&Path>, dry_run: bool) -> io::Result<Self> {
        let mut bad_rows =
            bad_rows.map(|path| File::create(path).map(csv::Writer::from_writer)).transpose()?;
        if let Some(file) = &mut bad_rows {
            file.write_record(["file", "line", "reason"])?;
        }
        Ok(Self {
            dry_run,
            file: String::new(),
            created: BTreeMap::new(),
            updated: 0,
            existing: 0,
            bad: 0,
            skipped: BTreeSet::new(),
            unknown_files: Vec::new(),
            bad_rows,
        })
    }

    pub fn file(&mut self, name: String, format: Format) {
        if format == Format::Unknown {
            // A ZIP of Apple Health has one for every route that was walked.
            if self.unknown_files.len() < 10 {
                self.unknown_files.push(name);
            }
        } else {
            self.file = name;
        }
    }

    pub fn created(&mut self, collection: Collection) {
        *self.created.entry(collection.as_str()).or_default() += 1;
    }

    pub fn updated(&mut self) {
        self.updated += 1;
    }

    pub fn existing(&mut self) {
        self.existing += 1;
    }

    pub fn skipped(&mut self, what: String) {
        self.skipped.insert(what);
    }

    pub fn bad_row(&mut self, line: u64, reason: &str) -> Result<(), SinkError> {
        self.bad += 1;
        if self.bad <= SAID {
            let _ = writeln!(io::stderr(), "{} line {line}: {reason}", self.file);
        }
        if let Some(file) = &mut self.bad_rows {
            file.write_record([&*self.file, &line.to_string(), reason])?;
        }
        Ok(())
    }

    pub fn bad(&self) -> u64 {
        self.bad
    }

    /// All rows that there were.
    pub fn rows(&self) -> u64 {
        self.created.values().sum::<u64>() + self.updated + self.existing + self.bad
    }

    /// What has been kept, in a sentence.
    pub fn kept(&self) -> String {
        let made: Vec<_> = self.created.iter().map(|(what, count)| format!("{count} {what}")).collect();
        let made = if made.is_empty() { "nothing".to_owned() } else { made.join(", ") };
        let begin = if self.dry_run { "Would import" } else { "Imported" };
        let more = [(self.updated, "brought up to date"), (self.existing, "there already")];
        let more =
            more.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("; {count} {what}"));
        format!("{begin} {made}{}.", more.collect::<String>())
    }

    pub fn say(&self) {
        let mut out = io::stdout();
        if self.bad > SAID {
            let _ = writeln!(
                out,
                "{} more bad rows are not shown; --bad-rows FILE lists all of them.",
                self.bad - SAID
            );
        }
        if !self.skipped.is_empty() {
            let all: Vec<_> = self.skipped.iter().map(String::as_str).collect();
            let _ = writeln!(out, "Latido keeps no records of: {}.", all.join(", "));
        }
        if !self.unknown_files.is_empty() && self.rows() > 0 {
            let _ = writeln!(out, "Not looked into: {}.", self.unknown_files.join(", "));
        }
        let _ = writeln!(out, "{}", self.kept());
    }
}
