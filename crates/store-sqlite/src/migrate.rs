//! The schema's versions. `PRAGMA user_version` counts how many of [`MIGRATIONS`] a file has seen.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use latido_domain::store::StoreError;

use crate::error::EngineResult;

/// In order, never edited once released: a change is a new entry.
const MIGRATIONS: &[&str] =
    &[include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// How long another process may keep the file locked.
const BUSY: Duration = Duration::from_secs(5);

/// The schema that this program writes.
pub fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Refuses a file of another schema than [`known`]; an empty one has none yet.
pub fn check(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY).engine()?;
    let (found, known) = (version(connection).engine()?, known());
    match found {
        0 => Ok(()),
        found if found > known => Err(StoreError::FromTheFuture { found, known }),
        found if found < known => Err(StoreError::FromThePast { found, known }),
        _ => Ok(()),
    }
}

fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Sets the connection up for writing, brings the schema up to date and gives the epoch.
pub fn migrate(connection: &mut Connection) -> Result<String, StoreError> {
    connection.pragma_update(None, "journal_mode", "WAL").engine()?;
    // An acknowledged record, and the number of its event, survive even a power cut: a number that
    // was given out twice in one epoch would make clients overlook the second event.
    connection.pragma_update(None, "synchronous", "FULL").engine()?;
    // What is deleted is overwritten: who deletes an account leaves nothing in the file.
    connection.pragma_update(None, "secure_delete", true).engine()?;
    connection.busy_timeout(BUSY).engine()?;

    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).engine()?;
    let found = version(&transaction).engine()?;
    let known = known();
    if found > known {
        return Err(StoreError::FromTheFuture { found, known });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration).engine()?;
    }
    transaction.pragma_update(None, "user_version", known).engine()?;
    transaction
        .execute(
            "INSERT INTO meta (key, value) VALUES ('epoch', ?1) ON CONFLICT DO NOTHING",
            [uuid::Uuid::now_v7().to_string()],
        )
        .engine()?;
    let epoch =
        transaction.query_row("SELECT value FROM meta WHERE key = 'epoch'", [], |row| row.get(0)).engine()?;
    transaction.commit().engine()?;
    Ok(epoch)
}
