//! Reading: a pool of connections that can only read, used on tokio's threads for blocking work.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags};
use tokio::task::spawn_blocking;

use super::StoreError;

/// How many idle connections are kept. More are opened under load and closed after it.
const KEPT: usize = 8;

/// What can be read, on whatever connection.
pub struct Read<'c> {
    pub(super) connection: &'c Connection,
}

impl<'c> Read<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }
}

pub struct Readers {
    file: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), idle: Arc::default() }
    }

    pub async fn run<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Read) -> Result<T, E> + Send + 'static,
    {
        let (file, idle) = (self.file.clone(), Arc::clone(&self.idle));
        let reading = spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => open(&file).map_err(StoreError::from)?,
            };
            // One snapshot for all of the job's queries.
            let snapshot = connection.transaction().map_err(StoreError::from)?;
            let result = job(&Read::new(&snapshot));
            drop(snapshot);
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < KEPT {
                idle.push(connection);
            }
            result
        });
        reading.await.unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }
}

fn open(file: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}
