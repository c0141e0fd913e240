//! `latido-server import`: reads a file of another program, or one of ours, and has its rows kept.
//!
//! Rows go to a running server over the REST API, so a dashboard that is open shows them at once; with
//! `--data` they go into a data directory directly, where a server may be running or not: then a
//! dashboard that is open hears of them with its next heartbeat.
//!
//! | file | what it holds |
//! |---|---|
//! | [`report`] | counts, and says every bad row |
//! | [`printable`] | text of a file as a terminal may show it |
//! | [`target`] | where the rows go |

mod printable;
mod report;
mod target;

use std::{io, path::PathBuf};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use latido_devtools::demo;
use latido_domain::store::StoreError;
use latido_import::{
    Options, ReadError, ReadEvent, Row, RowKind, RowOutcome, SinkError, Zone, local_time::UnknownZone, read,
    row::BATCH_ROWS,
};
use latido_protocol::values::Units;

use self::{
    report::Report,
    target::{Target, TargetError},
};
use super::client::ClientError;
use crate::ops::data_dir::DataDirError;

#[derive(Args)]
pub struct ImportArgs {
    /// CSV, Apple Health's export.xml, or a ZIP of such files
    file: PathBuf,

    /// Whose records they become
    #[arg(long, env = "LATIDO_USER", default_value = demo::EMAIL, value_name = "EMAIL")]
    user: String,

    /// Where the server is
    #[arg(long, env = "LATIDO_URL", default_value = "http://127.0.0.1:8787")]
    url: String,

    /// The password; the demo account's is known
    #[arg(long, env = "LATIDO_PASSWORD", hide_env_values = true)]
    password: Option<String>,

    /// Import into this data directory, without a server and a password
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// Import only these; repeatable
    #[arg(long = "kind", value_parser = row_kind())]
    kinds: Vec<RowKind>,

    /// Where local times were taken, as in Europe/Madrid; the profile's if not given
    #[arg(long, value_name = "IANA")]
    time_zone: Option<String>,

    /// Units of weights that come without (MyFitnessPal's): metric or imperial; the profile's if not given
    #[arg(long, value_parser = |word: &str| Units::parse(word).map_err(|invalid| invalid.to_string()))]
    units: Option<Units>,

    /// Only say what would be imported
    #[arg(long)]
    dry_run: bool,

    /// Write every bad row into this file, as CSV; the first 200 are said anyway
    #[arg(long, value_name = "CSV")]
    bad_rows: Option<PathBuf>,
}

/// Parses a kind by its name in the plural.
fn row_kind() -> impl TypedValueParser<Value = RowKind> {
    PossibleValuesParser::new(RowKind::ALL.map(RowKind::as_str)).try_map(|name| {
        RowKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or("no kind of record")
    })
}

/// Why an import did not come to its end, or not without bad rows. Each says what was kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("say with --password, or in LATIDO_PASSWORD, what the password of {0} is. Nothing was imported.")]
    NoPassword(String),
    #[error("there is no account for {0} in this data directory. Nothing was imported.")]
    NoAccount(String),
    #[error("{0} Nothing was imported.")]
    Zone(#[from] UnknownZone),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Start(#[from] DataDirError),
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    #[error("the runtime could not be started: {0}")]
    Runtime(#[source] io::Error),
    #[error("the file of bad rows cannot be written: {0}")]
    BadRows(#[source] io::Error),
    #[error("{error}\n{kept}")]
    Stopped { error: ReadError, kept: String },
    #[error(
        "bad rows: {0}. Correct them and import the file again: the others are good, and nothing is imported twice."
    )]
    SomeBad(u64),
    #[error("files of the ZIP that cannot be read: {0}. They are named above; the others were imported.")]
    BadFiles(u64),
    #[error("the file holds nothing that can be imported")]
    Nothing,
}

pub fn run(args: &ImportArgs) -> Result<(), ImportError> {
    let report = Report::new(args.bad_rows.as_deref(), args.dry_run).map_err(ImportError::BadRows)?;
    let target = Target::open(args)?;
    let done = import(args, &target, report);
    target.close();
    done
}

fn import(args: &ImportArgs, target: &Target, report: Report) -> Result<(), ImportError> {
    let profile = target.profile()?;
    let zone = args.time_zone.as_deref().unwrap_or(profile.time_zone.as_str());
    let options = Options { zone: Zone::new(zone)?, units: args.units.unwrap_or(profile.units) };
    let mut importer = Importer { args, target, report, waiting: Vec::new(), bytes: 0 };
    let read = read::read_file(&args.file, &options, &mut |found| importer.take(found));
    let read = read.and_then(|()| importer.flush().map_err(ReadError::Sink));
    let report = importer.report;
    report.say();
    match read {
        Err(error @ ReadError::Sink(_)) => {
            let kept = format!("{} The import can be run again: nothing is imported twice.", report.kept());
            Err(ImportError::Stopped { error, kept })
        }
        Err(error) => Err(ImportError::Stopped { error, kept: report.kept() }),
        Ok(()) if report.bad() > 0 => Err(ImportError::SomeBad(report.bad())),
        Ok(()) if report.bad_files() > 0 => Err(ImportError::BadFiles(report.bad_files())),
        Ok(()) if report.rows() == 0 => Err(ImportError::Nothing),
        Ok(()) => Ok(()),
    }
}

/// A batch is sent when it has so many bytes, well below what a body may have.
const BATCH_BYTES: usize = 40 * 1024;

/// Collects rows into batches.
struct Importer<'a> {
    args: &'a ImportArgs,
    target: &'a Target,
    report: Report,
    waiting: Vec<(u64, Row)>,
    bytes: usize,
}

impl Importer<'_> {
    fn take(&mut self, found: ReadEvent) -> Result<(), SinkError> {
        match found {
            ReadEvent::File { name, format } => {
                // What is said of rows is said of rows of this file.
                self.flush()?;
                self.report.file(name, format);
            }
            ReadEvent::BadRow { line, reason } => self.report.bad_row(line, &reason)?,
            ReadEvent::BadFile { name, reason } => {
                self.flush()?;
                self.report.bad_file(&name, &reason)?;
            }
            ReadEvent::Skipped { what, count } => self.report.skipped(&what, count),
            ReadEvent::UnreadColumns { columns } => self.report.unread(&columns),
            ReadEvent::Row { line, row } => {
                if !self.args.kinds.is_empty() && !self.args.kinds.contains(&row.kind) {
                    return Ok(());
                }
                let bytes = serde_json::to_vec(&row)?.len();
                if bytes > BATCH_BYTES {
                    self.report.bad_row(line, "has too much text")?;
                    return Ok(());
                }
                if self.waiting.len() >= BATCH_ROWS || self.bytes + bytes > BATCH_BYTES {
                    self.flush()?;
                }
                self.bytes += bytes + 1;
                self.waiting.push((line, row));
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let (lines, rows): (Vec<_>, Vec<_>) = self.waiting.drain(..).unzip();
        self.bytes = 0;
        let collections: Vec<_> = rows.iter().map(|row| row.kind).collect();
        let outcomes = self.target.keep(rows, self.args.dry_run)?;
        if outcomes.len() != lines.len() {
            return Err(TargetError::Answer.into());
        }
        for ((line, collection), outcome) in lines.into_iter().zip(collections).zip(outcomes) {
            match outcome {
                RowOutcome::Created => self.report.created(collection),
                RowOutcome::Updated => self.report.updated(),
                RowOutcome::Existing => self.report.existing(),
                RowOutcome::Refused(errors) => {
                    let reasons = errors
                        .iter()
                        .map(|error| format!("{} {}", error.pointer.trim_start_matches('/'), error.detail));
                    self.report.bad_row(line, &reasons.collect::<Vec<_>>().join("; "))?;
                }
            }
        }
        Ok(())
    }
}
