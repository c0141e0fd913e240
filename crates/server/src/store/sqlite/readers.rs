//! Reading: a pool of connections that can only read, used on tokio's threads for blocking work.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::super::{ReadJob, StoreError};

/// How many connections there are at most. Reading is short: a pool as wide as a few cores is enough, and
/// who has to wait for it costs no thread meanwhile.
const CONNECTIONS: usize = 8;

pub struct Readers {
    file: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), idle: Arc::default(), places: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    pub async fn run(&self, job: ReadJob) -> Result<(), StoreError> {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return Err(StoreError::Unavailable);
        };
        let (file, idle) = (self.file.clone(), Arc::clone(&self.idle));
        let reading = spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => open(&file)?,
            };
            // One snapshot for all of the job's queries.
            let snapshot = connection.transaction()?;
            job(&*snapshot);
            drop(snapshot);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            drop(place);
            Ok(())
        });
        reading.await.unwrap_or(Err(StoreError::Unavailable))
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
