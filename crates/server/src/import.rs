//! Import: writes a batch of rows as records, in one transaction. A record's id is derived from its row's identity, so
//! a row that is imported a second time finds its record.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use latido_domain::{
    change,
    digest::Digest,
    error::DomainError,
    fields::{Fields, Object},
    notify::publish_to_viewers,
    record_kind::{RecordKind, Stamp},
    store::{Owner, Slice, StoreError, Write},
};
use latido_import::{Identity, Row, RowKind, RowOutcome};
use latido_protocol::{
    event::Change, exercise::ExerciseLog, food::FoodLog, id::Id, metric::HealthMetric, problem::FieldError,
    session::UserId, time::Timestamp, values::Source,
};
use serde_json::Value;

/// The longest id, in bytes. No record has a longer one.
const MAX_ID: usize = 64;
/// How many records of one instant are searched for a meal.
const SAME_INSTANT: usize = 50;

/// Writes every valid row, and returns the outcome of each row in order. With `dry_run` nothing is written.
pub fn import_rows(
    write: &mut Write,
    user: &UserId,
    rows: &[Row],
    dry_run: bool,
    now: Timestamp,
) -> Result<Vec<RowOutcome>, DomainError> {
    rows.iter()
        .map(|row| match row.kind {
            RowKind::Foods => import_row::<FoodLog>(write, user, row, dry_run, now),
            RowKind::Exercises => import_row::<ExerciseLog>(write, user, row, dry_run, now),
            RowKind::Metrics => import_row::<HealthMetric>(write, user, row, dry_run, now),
        })
        .collect()
}

fn import_row<R: RecordKind>(
    write: &mut Write,
    user: &UserId,
    row: &Row,
    dry_run: bool,
    now: Timestamp,
) -> Result<RowOutcome, DomainError> {
    let owner = Owner::user(user);
    let id = match identify::<R>(row, now)? {
        Ok(id) => id,
        Err(errors) => return Ok(RowOutcome::Refused(errors)),
    };
    let made = |stamp| build::<R>(&row.record, row.kind, &stamp);
    let current = match write.read().get::<R>(&owner, id.as_str())? {
        Some(current) => Some(current),
        None => same_meal::<R>(write, &owner, row)?,
    };
    let Some(current) = current else {
        let record = match made(Stamp { id, source: Source::Import, ..Stamp::new(now) }) {
            Ok(record) => record,
            Err(errors) => return Ok(RowOutcome::Refused(errors)),
        };
        if !dry_run {
            match change::create(write, user, &record, now) {
                Err(DomainError::Invalid(errors)) => return Ok(RowOutcome::Refused(errors)),
                created => created?,
            }
        }
        return Ok(RowOutcome::Created);
    };
    let Identity::Day(_) = row.identity else { return Ok(RowOutcome::Existing) };
    let Ok(mut newer) = made(current.stamp(now)) else { return Ok(RowOutcome::Existing) };
    if amount(&newer)? <= amount(&current)? {
        return Ok(RowOutcome::Existing);
    }
    if !dry_run {
        newer.renew(now);
        write.put(&owner, &newer)?;
        publish_to_viewers(write, user, &R::event(Change::Updated(newer)), now)?;
    }
    Ok(RowOutcome::Updated)
}

/// The id of the row's record, or what is wrong with the row.
fn identify<R: RecordKind>(row: &Row, now: Timestamp) -> Result<Result<Id<R>, Vec<FieldError>>, StoreError> {
    let known_by = match &row.identity {
        Identity::Id(id) => {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            let good = (1..=MAX_ID).contains(&id.len()) && id.bytes().all(allowed);
            return Ok(if good { Ok(Id::new(id.clone())) } else { Err(wrong_id()) });
        }
        Identity::Day(day) => {
            let field = if row.kind == RowKind::Foods { "name" } else { "kind" };
            format!("{} {} {day}", R::NAME, row.record.get(field).unwrap_or(&Value::Null))
        }
        Identity::Content(occurrence) => {
            // Derived from the record instead of the row's text, so that another spelling of the same row gives the
            // same record.
            let nothing = Stamp {
                id: Id::new(""),
                created_at: Timestamp::EPOCH,
                updated_at: Timestamp::EPOCH,
                ..Stamp::new(now)
            };
            match build::<R>(&row.record, row.kind, &nothing) {
                Ok(record) => format!("{} {occurrence} {}", R::NAME, serde_json::to_string(&record)?),
                Err(errors) => return Ok(Err(errors)),
            }
        }
    };
    let digest = Digest::of(known_by.as_bytes());
    let half = digest.as_bytes().get(..16).unwrap_or_default();
    Ok(Ok(Id::new(format!("import-{}", URL_SAFE_NO_PAD.encode(half)))))
}

fn wrong_id() -> Vec<FieldError> {
    let detail = format!("must be 1 to {MAX_ID} letters, digits, - and _");
    vec![FieldError::new("id", detail)]
}

/// The record. Its source is the import, whatever the row gives.
fn build<R: RecordKind>(record: &Object, kind: RowKind, stamp: &Stamp<R>) -> Result<R, Vec<FieldError>> {
    let mut body = record.clone();
    body.insert("source".to_owned(), Source::Import.as_str().into());
    let mut fields = Fields::of(&body);
    let said = fields.required(kind.time_field(), |_| Ok(()));
    let made = R::build(&mut fields, stamp);
    fields.finish(said.and(made))
}

/// The amount of a record that sums up a day, or a meal of it.
fn amount<R: RecordKind>(record: &R) -> Result<f64, StoreError> {
    let record = serde_json::to_value(record)?;
    let amount = record.get("value").or_else(|| record.get("calories"));
    Ok(amount.and_then(Value::as_f64).unwrap_or_default())
}

/// The same meal as imported by a version that identified meals by their instant and name.
fn same_meal<R: RecordKind>(write: &Write, owner: &Owner, row: &Row) -> Result<Option<R>, StoreError> {
    let (RowKind::Foods, Identity::Day(day)) = (row.kind, &row.identity) else { return Ok(None) };
    let text = |field: &str| row.record.get(field).and_then(Value::as_str);
    // A second row of that meal is another record.
    let Some(at) = text("loggedAt").and_then(Timestamp::parse).filter(|_| !day.contains('/')) else {
        return Ok(None);
    };
    let to = Timestamp::from_unix_ms(at.unix_ms() + 1);
    let slice = Slice { from: Some(at), to: Some(to), limit: SAME_INSTANT, ..Slice::default() };
    for record in write.read().list::<R>(owner, &slice)? {
        let body = serde_json::to_value(&record)?;
        let says = |field: &str, word: Option<&str>| body.get(field).and_then(Value::as_str) == word;
        if says("name", text("name")) && says("source", Some(Source::Import.as_str())) {
            return Ok(Some(record));
        }
    }
    Ok(None)
}
