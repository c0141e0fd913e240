//! What an import has to say: every bad row as it is met, and in the end the counts.
//!
//! What it shows comes from a foreign file, so it is made [`printable`], and there is a bound to how much of it is
//! held: beyond it only the rest is counted.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use latido_import::{Format, RowKind, SinkError, export::formula_guard::escape};

use super::printable::printable;

/// So many bad rows are said. All of them go into the file of bad rows, if one is asked for.
const SAID: u64 = 200;
/// So many names are listed: of files, of columns of a file, of things of which no records are kept.
const LISTED: usize = 50;

/// Names that were met, up to [`LISTED`], each with a count; and how many more there were.
#[derive(Default)]
struct Names {
    listed: BTreeMap<String, u64>,
    more: u64,
}

impl Names {
    fn add(&mut self, name: &str, count: u64) {
        let name = printable(name);
        if let Some(known) = self.listed.get_mut(&name) {
            *known += count;
        } else if self.listed.len() < LISTED {
            self.listed.insert(name, count);
        } else {
            self.more += 1;
        }
    }

    fn list(&self, with_counts: bool) -> Option<String> {
        if self.listed.is_empty() {
            return None;
        }
        let name = |(name, count): (&String, &u64)| {
            if with_counts { format!("{name} ({count})") } else { name.clone() }
        };
        let more = if self.more == 0 { String::new() } else { format!(" and {} more", self.more) };
        Some(self.listed.iter().map(name).collect::<Vec<_>>().join(", ") + &more)
    }
}

pub struct Report {
    dry_run: bool,
    file: String,
    created: BTreeMap<RowKind, u64>,
    updated: u64,
    existing: u64,
    bad: u64,
    bad_files: u64,
    skipped: Names,
    unread: Names,
    unknown_files: Names,
    bad_rows: Option<csv::Writer<File>>,
}

impl Report {
    pub fn new(bad_rows: Option<&Path>, dry_run: bool) -> io::Result<Self> {
        let mut bad_rows = bad_rows.map(|path| create(path).map(csv::Writer::from_writer)).transpose()?;
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
            bad_files: 0,
            skipped: Names::default(),
            unread: Names::default(),
            unknown_files: Names::default(),
            bad_rows,
        })
    }

    pub fn file(&mut self, name: String, format: Format) {
        if format == Format::Unknown {
            self.unknown_files.add(&name, 1);
        } else {
            self.file = name;
        }
    }

    pub fn created(&mut self, kind: RowKind) {
        *self.created.entry(kind).or_default() += 1;
    }

    pub fn updated(&mut self) {
        self.updated += 1;
    }

    pub fn existing(&mut self) {
        self.existing += 1;
    }

    pub fn skipped(&mut self, what: &str, count: u64) {
        self.skipped.add(what, count);
    }

    /// Columns of the present file that are not read.
    pub fn unread(&mut self, columns: &[String]) {
        for column in columns {
            self.unread.add(column, 1);
        }
    }

    pub fn bad_row(&mut self, line: u64, reason: &str) -> Result<(), SinkError> {
        self.bad += 1;
        if self.bad <= SAID {
            let _ = writeln!(io::stderr(), "{} line {line}: {}", printable(&self.file), printable(reason));
        }
        if let Some(file) = &mut self.bad_rows {
            file.write_record([&*escape(&self.file), &line.to_string(), &escape(reason)])?;
        }
        Ok(())
    }

    /// A file of a ZIP that cannot be read.
    pub fn bad_file(&mut self, name: &str, reason: &str) -> Result<(), SinkError> {
        self.bad_files += 1;
        if self.bad_files <= SAID {
            let _ = writeln!(io::stderr(), "{}: {}", printable(name), printable(reason));
        }
        if let Some(file) = &mut self.bad_rows {
            file.write_record([&*escape(name), "", &escape(reason)])?;
        }
        Ok(())
    }

    pub fn bad(&self) -> u64 {
        self.bad
    }

    pub fn bad_files(&self) -> u64 {
        self.bad_files
    }

    /// All rows that there were.
    pub fn rows(&self) -> u64 {
        self.created.values().sum::<u64>() + self.updated + self.existing + self.bad
    }

    /// What has been kept, in a sentence.
    pub fn kept(&self) -> String {
        let made: Vec<_> = self.created.iter().map(|(kind, count)| kind.counted(*count)).collect();
        let made = if made.is_empty() { "nothing".to_owned() } else { made.join(", ") };
        let begin = if self.dry_run { "Would import" } else { "Imported" };
        let more = [(self.updated, "brought up to date"), (self.existing, "there already")];
        let more =
            more.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("; {count} {what}"));
        format!("{begin} {made}{}.", more.collect::<String>())
    }

    pub fn say(&self) {
        let mut out = io::stdout();
        if self.bad > SAID || self.bad_files > SAID {
            let more = self.bad.saturating_sub(SAID) + self.bad_files.saturating_sub(SAID);
            let _ = writeln!(out, "{more} more bad rows are not shown; --bad-rows FILE lists all of them.");
        }
        if let Some(all) = self.skipped.list(true) {
            let _ = writeln!(out, "Latido keeps no records of: {all}.");
        }
        if let Some(all) = self.unread.list(false) {
            let _ = writeln!(out, "Columns that were not read: {all}.");
        }
        if let Some(all) = self.unknown_files.list(false).filter(|_| self.rows() > 0) {
            let _ = writeln!(out, "Not looked into: {all}.");
        }
        let _ = writeln!(out, "{}", self.kept());
    }
}

/// Creates the file of bad rows for its owner's eyes: a reason can repeat what stands in a row.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_bound_are_counted() {
        let mut names = Names::default();
        for name in 0..LISTED + 3 {
            names.add(&name.to_string(), 2);
        }
        assert_eq!(names.listed.len(), LISTED);
        assert!(names.list(true).unwrap().ends_with("9 (2) and 3 more"), "{:?}", names.list(true));
    }
}
