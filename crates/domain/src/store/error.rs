//! Errors of the store.

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database answered: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("a stored document cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error(
        "the database was written by a newer version of this program (schema {found}, this one knows {known})"
    )]
    FromTheFuture { found: i64, known: i64 },
    #[error(
        "the database was written by an older version of this program (schema {found}, this one writes {known}), which \
         may be running. Stop it and start `latido-server serve` of this version once, which brings the database up \
         to date; back it up first. Nothing was changed"
    )]
    FromThePast { found: i64, known: i64 },
    #[error(
        "a restore is under way in this data directory or was broken off. Run it again, or start the server, which \
         goes back to what was there before. Nothing was changed"
    )]
    Restoring,
    #[error("the database has more to do than it can take in")]
    Overloaded,
    #[error("the database takes no more requests")]
    Unavailable,
}
