//! The one thread that writes.
//!
//! Jobs wait in a queue. The thread takes all that are waiting, runs each in a savepoint of its own
//! and commits them together: under load many jobs share one sync of the disk, and a job that fails
//! undoes only itself. Events leave after the commit, in its order, before anybody is answered.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Savepoint, Transaction, TransactionBehavior};
use tokio::sync::oneshot;
use tracing::error;

use super::{LoggedEvent, Outlet, Read, StoreError};

/// How many jobs may share a commit. Bounds how long the first of them waits for the last.
const BATCH: usize = 64;

/// A job's transaction: what can be written, besides all that can be read.
pub struct Write<'tx> {
    pub(super) savepoint: Savepoint<'tx>,
    pub(super) epoch: Arc<str>,
    pub(super) events: Vec<Arc<LoggedEvent>>,
}

impl Write<'_> {
    /// Sees what this transaction has written so far.
    pub fn read(&self) -> Read<'_> {
        Read::new(&self.savepoint)
    }
}

/// Runs a job inside the batch and gives what to do when it is known whether the batch was committed.
type Job = Box<dyn FnOnce(&mut Transaction) -> Settle + Send>;
type Settle = Box<dyn FnOnce(Result<&dyn Outlet, StoreError>)>;

pub struct Writer {
    epoch: Arc<str>,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn start(connection: Connection, epoch: Arc<str>, outlet: Arc<dyn Outlet>) -> Self {
        let (queue, jobs) = mpsc::channel();
        let thread = thread::spawn(move || write_until_closed(connection, &jobs, &*outlet));
        Self { epoch, queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) }
    }

    pub async fn run<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Write) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let queued = match &*self.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(queue) => queue.send(in_savepoint(job, Arc::clone(&self.epoch), reply)).is_ok(),
            None => false,
        };
        if !queued {
            return Err(StoreError::Unavailable.into());
        }
        // No answer at all: the job panicked, or the batch could not even begin.
        answer.await.unwrap_or_else(|_| Err(StoreError::Unavailable.into()))
    }

    pub fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

fn in_savepoint<T, E, F>(job: F, epoch: Arc<str>, reply: oneshot::Sender<Result<T, E>>) -> Job
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce(&mut Write) -> Result<T, E> + Send + 'static,
{
    Box::new(move |transaction| {
        let done = (|| {
            let savepoint = transaction.savepoint().map_err(StoreError::from)?;
            let mut write = Write { savepoint, epoch, events: Vec::new() };
            let value = job(&mut write)?;
            write.savepoint.commit().map_err(StoreError::from)?;
            Ok((value, write.events))
        })();
        // Nobody listens any more when the request was given up: the write stands all the same.
        Box::new(move |committed| {
            let _ = reply.send(match (done, committed) {
                (Ok((value, events)), Ok(outlet)) => {
                    for event in &events {
                        outlet.publish(event);
                    }
                    Ok(value)
                }
                (Ok(_), Err(error)) => Err(error.into()),
                (Err(error), _) => Err(error),
            });
        })
    })
}

fn write_until_closed(mut connection: Connection, jobs: &mpsc::Receiver<Job>, outlet: &dyn Outlet) {
    while let Ok(first) = jobs.recv() {
        if let Err(error) = run_batch(&mut connection, std::iter::once(first).chain(jobs.try_iter()), outlet)
        {
            error!(%error, "a batch of writes could not begin");
        }
    }
    if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        error!(%error, "the write-ahead log could not be folded in; the next start will do it");
    }
}

fn run_batch(
    connection: &mut Connection,
    jobs: impl Iterator<Item = Job>,
    outlet: &dyn Outlet,
) -> Result<(), StoreError> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut settled = Vec::new();
    for job in jobs.take(BATCH) {
        // A panic unwinds through the savepoint, which undoes the job; the thread has to live on.
        if let Ok(settle) = catch_unwind(AssertUnwindSafe(|| job(&mut transaction))) {
            settled.push(settle);
        }
    }
    let committed = transaction.commit();
    if let Err(error) = &committed {
        error!(%error, "a batch of writes was not committed");
    }
    for settle in settled {
        settle(match committed {
            Ok(()) => Ok(outlet),
            Err(_) => Err(StoreError::Unavailable),
        });
    }
    Ok(())
}
