//! The schema's versions. `PRAGMA user_version` counts how many of [`MIGRATIONS`] a file has seen.

use rusqlite::{Connection, TransactionBehavior};

use super::super::StoreError;

/// In order, never edited once released: a change is a new entry.
const MIGRATIONS: &[&str] = &[include_str!("schema_1.sql"), include_str!("schema_2.sql")];

/// The schema that this program writes.
pub fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Sets the connection up for writing, brings the schema up to date and gives the epoch.
pub fn migrate(connection: &mut Connection) -> Result<String, StoreError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // An acknowledged record, and the number of its event, survive even a power cut: a number that
    // was given out twice in one epoch would make clients overlook the second event.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten: who deletes an account leaves nothing in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;

    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = known();
    if found > known {
        return Err(StoreError::FromTheFuture { found, known });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.execute(
        "INSERT INTO meta (key, value) VALUES ('epoch', ?1) ON CONFLICT DO NOTHING",
        [uuid::Uuid::now_v7().to_string()],
    )?;
    let epoch = transaction.query_row("SELECT value FROM meta WHERE key = 'epoch'", [], |row| row.get(0))?;
    transaction.commit()?;
    Ok(epoch)
}
