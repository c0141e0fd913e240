//! Keeps a batch of rows, in one transaction. What a row is known by becomes the id of its record, so a
//! row that is kept a second time finds its record there.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use latido_protocol::{
    event::Change, exercise::ExerciseLog, food::FoodLog, id::Id, metric::HealthMetric, problem::FieldError,
    session::UserId, time::Timestamp, values::Source,
};
use serde_json::Value;

use super::row::{Collection, Identity, Outcome, Row};
use crate::{
    digest::Digest,
    domain::{Fields, Kind, Refused, Stamp, change, fields::Object, telling::tell},
    store::{Owner, StoreError, Write},
};

/// Longer ids, and such with other characters, are nobody's.
const MAX_ID: usize = 64;

/// Keeps every row that can be kept, and says what became of each. With `dry_run` nothing is written.
pub fn keep(
    write: &mut Write,
    user: &UserId,
    rows: &[Row],
    dry_run: bool,
    now: Timestamp,
) -> Result<Vec<Outcome>, Refused> {
    rows.iter()
        .map(|row| match row.collection {
            Collection::Foods => keep_one::<FoodLog>(write, user, row, dry_run, now),
            Collection::Exercises => keep_one::<ExerciseLog>(write, user, row, dry_run, now),
            Collection::Metrics => keep_one::<HealthMetric>(write, user, row, dry_run, now),
        })
        .collect()
}

fn keep_one<R: Kind>(
    write: &mut Write,
    user: &UserId,
    row: &Row,
    dry_run: bool,
    now: Timestamp,
) -> Result<Outcome, Refused> {
    let owner = Owner::user(user);
    let id = match identify::<R>(row, now)? {
        Ok(id) => id,
        Err(errors) => return Ok(Outcome::Refused(errors)),
    };
    let made = |stamp| build::<R>(&row.record, row.collection, &stamp);
    let Some(current) = write.read().get::<R>(&owner, id.as_str())? else {
        let record = match made(Stamp { id, source: Source::Import, ..Stamp::new(now) }) {
            Ok(record) => record,
            Err(errors) => return Ok(Outcome::Refused(errors)),
        };
        if !dry_run {
            change::create(write, user, &record, now)?;
        }
        return Ok(Outcome::Created);
    };
    let Identity::Day(_) = row.identity else { return Ok(Outcome::Existing) };
    let Ok(mut newer) = made(current.stamp(now)) else { return Ok(Outcome::Existing) };
    if amount(&newer)? <= amount(&current)? {
        return Ok(Outcome::Existing);
    }
    if !dry_run {
        newer.renew(now);
        write.put(&owner, &newer)?;
        tell(write, user, &R::event(Change::Updated(newer)), now)?;
    }
    Ok(Outcome::Updated)
}

/// The id of the row's record, or what is wrong with the row.
fn identify<R: Kind>(row: &Row, now: Timestamp) -> Result<Result<Id<R>, Vec<FieldError>>, StoreError> {
    let known_by = match &row.identity {
        Identity::Id(id) => {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            let good = (1..=MAX_ID).contains(&id.len()) && id.bytes().all(allowed);
            return Ok(if good { Ok(Id::new(id.clone())) } else { Err(wrong_id()) });
        }
        Identity::Day(day) => format!("{} {} {day}", R::NAME, row.record.get("kind").unwrap_or(&Value::Null)),
        Identity::Content(occurrence) => {
            // Of the record that the row becomes and not of the row, so that a change of the file's
            // spelling makes no other record of it.
            let nothing = Stamp {
                id: Id::new(""),
                created_at: Timestamp::EPOCH,
                updated_at: Timestamp::EPOCH,
                ..Stamp::new(now)
            };
            match build::<R>(&row.record, row.collection, &nothing) {
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
    vec![FieldError { pointer: "/id".to_owned(), detail }]
}

/// Makes the record. It comes from an import, whatever the row says.
fn build<R: Kind>(record: &Object, collection: Collection, stamp: &Stamp<R>) -> Result<R, Vec<FieldError>> {
    let mut body = record.clone();
    body.insert("source".to_owned(), Source::Import.as_str().into());
    let mut fields = Fields::of(&body);
    let said = fields.required(collection.time_field(), |_| Ok(()));
    let made = R::build(&mut fields, stamp);
    fields.finish(said.and(made))
}

/// What a record that sums up a day amounts to. Only metrics do.
fn amount<R: Kind>(record: &R) -> Result<f64, StoreError> {
    let record = serde_json::to_value(record)?;
    Ok(record.get("value").and_then(Value::as_f64).unwrap_or_default())
}
