//! Reading: threads with connections that can only read.
//!
//! They are the store's own and not tokio's threads for blocking work, which others may fill with what takes
//! long: resolving names, posting to a provider.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    thread,
};

use latido_domain::store::{Flow, ReadJob, StoreError};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;
use tracing::error;

use crate::{
    error::EngineResult,
    fair_queue::{Bounds, FairQueue},
    rows::SqliteSnapshot,
};

/// How many threads there are. Reading is short: as many as a few cores is enough.
const THREADS: usize = 8;
/// A flow has half of them at most, so that there is one for the others at once.
const QUEUE: Bounds = Bounds { waiting: 4096, waiting_of_flow: 512, running_of_flow: THREADS / 2 };

struct QueuedRead {
    job: ReadJob,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

pub struct Readers {
    queue: Arc<FairQueue<QueuedRead>>,
}

impl Readers {
    pub fn start(file: &Path) -> Self {
        let queue = Arc::new(FairQueue::new(QUEUE));
        for _ in 0..THREADS {
            let (file, jobs) = (file.to_owned(), Arc::clone(&queue));
            thread::spawn(move || read_until_closed(&file, &jobs));
        }
        Self { queue }
    }

    pub async fn run(&self, job: ReadJob) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Flow::current(), QueuedRead { job, reply })?;
        // No answer at all: the job panicked.
        answer.await.unwrap_or(Err(StoreError::Unavailable))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn read_until_closed(file: &Path, jobs: &FairQueue<QueuedRead>) {
    let mut kept = None;
    while let Some(mut job) = jobs.next() {
        let Some(QueuedRead { job: read_job, reply }) = job.take_job() else { continue };
        // Nobody waits for it any more: its request was given up.
        if reply.is_closed() {
            continue;
        }
        // A panic takes the connection with it; the thread has to live on.
        let connection = kept.take();
        match catch_unwind(AssertUnwindSafe(|| read(file, connection, read_job))) {
            Ok(Ok(connection)) => {
                kept = Some(connection);
                drop(job);
                let _ = reply.send(Ok(()));
            }
            Ok(Err(error)) => {
                let _ = reply.send(Err(error));
            }
            Err(_) => error!("a read panicked"),
        }
    }
}

fn read(file: &Path, kept: Option<Connection>, job: ReadJob) -> Result<Connection, StoreError> {
    let mut connection = kept.map_or_else(|| open(file), Ok).engine()?;
    // One snapshot for all of the job's queries.
    let snapshot = connection.transaction().engine()?;
    job(&SqliteSnapshot(&snapshot));
    drop(snapshot);
    Ok(connection)
}

fn open(file: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}
