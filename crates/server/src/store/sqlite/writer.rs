//! The one thread that writes.
//!
//! Jobs wait in a bounded queue. The thread takes all that are waiting, runs each in a savepoint of its own
//! and commits them together: under load many jobs share one sync of the disk, and a job that fails
//! undoes only itself. Events leave after the commit, in its order, before anybody is answered.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, TrySendError},
    },
    thread::{self, JoinHandle},
    time::Instant,
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;
use tracing::error;

use super::{
    super::{LoggedEvent, Outlet, StoreError, Verdict, WriteJob},
    rows::Savepointed,
};
use crate::ops::metrics;

/// How many jobs may share a commit. Bounds how long the first of them waits for the last.
const BATCH: usize = 64;
/// How many jobs may wait. A machine that writes a thousand in a second has then fallen four seconds behind.
const QUEUE: usize = 4096;

struct Queued {
    job: WriteJob,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

pub struct Writer {
    queue: Mutex<Option<mpsc::SyncSender<Queued>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn start(connection: Connection, epoch: Arc<str>, outlet: Arc<dyn Outlet>) -> Self {
        let (queue, jobs) = mpsc::sync_channel(QUEUE);
        let thread = thread::spawn(move || write_until_closed(connection, &epoch, &jobs, &*outlet));
        Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) }
    }

    pub async fn run(&self, job: WriteJob) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        match &*self.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(queue) => queue.try_send(Queued { job, reply }).map_err(|error| match error {
                TrySendError::Full(_) => StoreError::Overloaded,
                TrySendError::Disconnected(_) => StoreError::Unavailable,
            })?,
            None => return Err(StoreError::Unavailable),
        }
        // No answer at all: the batch could not even begin.
        answer.await.unwrap_or(Err(StoreError::Unavailable))
    }

    pub fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

fn write_until_closed(
    mut connection: Connection,
    epoch: &Arc<str>,
    jobs: &mpsc::Receiver<Queued>,
    outlet: &dyn Outlet,
) {
    while let Ok(first) = jobs.recv() {
        let batch = std::iter::once(first).chain(jobs.try_iter()).take(BATCH);
        if let Err(error) = run_batch(&mut connection, epoch, batch, outlet) {
            error!(%error, "a batch of writes could not begin");
        }
    }
    if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        error!(%error, "the write-ahead log could not be folded in; the next start will do it");
    }
}

/// What a job came to before its batch is committed.
struct Settled {
    done: Result<Vec<Arc<LoggedEvent>>, StoreError>,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

fn run_batch(
    connection: &mut Connection,
    epoch: &Arc<str>,
    jobs: impl Iterator<Item = Queued>,
    outlet: &dyn Outlet,
) -> Result<(), StoreError> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let settled: Vec<_> = jobs
        .map(|Queued { job, reply }| {
            // A panic unwinds through the savepoint, which undoes the job; the thread has to live on.
            let ran = catch_unwind(AssertUnwindSafe(|| run_job(&mut transaction, epoch, job)));
            Settled { done: ran.unwrap_or(Err(StoreError::Unavailable)), reply }
        })
        .collect();

    let begun = Instant::now();
    let committed = transaction.commit();
    metrics::committed(settled.len(), begun.elapsed());
    if let Err(error) = &committed {
        error!(%error, "a batch of writes was not committed");
    }
    for Settled { done, reply } in settled {
        let answer = match (done, &committed) {
            (Ok(events), Ok(())) => {
                for event in &events {
                    outlet.publish(event);
                }
                Ok(())
            }
            (Ok(_), Err(_)) => Err(StoreError::Unavailable),
            (Err(error), _) => Err(error),
        };
        // Nobody listens any more when the request was given up: the write stands all the same.
        let _ = reply.send(answer);
    }
    Ok(())
}

/// Runs one job and gives its events; none when it wanted to be undone.
fn run_job(
    transaction: &mut Transaction,
    epoch: &Arc<str>,
    job: WriteJob,
) -> Result<Vec<Arc<LoggedEvent>>, StoreError> {
    let savepoint = transaction.savepoint()?;
    let mut write = Savepointed { savepoint, epoch: Arc::clone(epoch), events: Vec::new() };
    match job(&mut write) {
        Verdict::Commit => {
            write.savepoint.commit()?;
            Ok(write.events)
        }
        // Dropping the savepoint undoes it.
        Verdict::Undo => Ok(Vec::new()),
    }
}
