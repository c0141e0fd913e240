//! The one thread that writes.
//!
//! Jobs wait in bounded queues, one a flow, which take turns. The thread takes what is waiting, runs each in a
//! savepoint of its own and commits them together: under load many jobs share one sync of the disk, and a job
//! that fails undoes only itself. Events leave after the commit, in its order, before anybody is answered.

use std::{
    iter,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use latido_domain::store::{EventSink, Flow, LoggedEvent, StoreError, TxOutcome, WriteJob};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;
use tracing::error;

use crate::{
    error::EngineResult,
    fair_queue::{Bounds, DequeuedJob, FairQueue},
    metrics,
    rows::Savepointed,
};

/// How many jobs may share a commit, ...
const BATCH: usize = 64;
/// ... and for how long it goes on taking jobs. Both bound how long the first of them waits for the last: a job
/// may be one row or an import of hundreds.
const SHARED_FOR: Duration = Duration::from_millis(10);
/// How many jobs may wait. A machine that writes a thousand in a second has then fallen four seconds behind.
const QUEUE: Bounds = Bounds { waiting: 4096, waiting_of_flow: 512, running_of_flow: usize::MAX };

struct QueuedWrite {
    job: WriteJob,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

pub struct Writer {
    queue: Arc<FairQueue<QueuedWrite>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn start(connection: Connection, epoch: Arc<str>, outlet: Arc<dyn EventSink>) -> Self {
        let queue = Arc::new(FairQueue::new(QUEUE));
        let jobs = Arc::clone(&queue);
        let thread = thread::spawn(move || write_until_closed(connection, &epoch, &jobs, &*outlet));
        Self { queue, thread: Mutex::new(Some(thread)) }
    }

    pub async fn run(&self, job: WriteJob) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Flow::current(), QueuedWrite { job, reply })?;
        // No answer at all: the batch could not even begin.
        answer.await.unwrap_or(Err(StoreError::Unavailable))
    }

    pub fn close(&self) {
        self.queue.close();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn write_until_closed(
    mut connection: Connection,
    epoch: &Arc<str>,
    jobs: &FairQueue<QueuedWrite>,
    outlet: &dyn EventSink,
) {
    while let Some(first) = jobs.next() {
        let begun = Instant::now();
        let others = iter::from_fn(|| (begun.elapsed() < SHARED_FOR).then(|| jobs.try_next())?);
        let batch = iter::once(first).chain(others).take(BATCH);
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

fn run_batch<'q>(
    connection: &mut Connection,
    epoch: &Arc<str>,
    jobs: impl Iterator<Item = DequeuedJob<'q, QueuedWrite>>,
    outlet: &dyn EventSink,
) -> Result<(), StoreError> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).engine()?;
    let settled: Vec<_> = jobs
        .filter_map(|mut job| job.take_job())
        .map(|QueuedWrite { job, reply }| {
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
    let savepoint = transaction.savepoint().engine()?;
    let mut write = Savepointed { savepoint, epoch: Arc::clone(epoch), events: Vec::new() };
    match job(&mut write) {
        TxOutcome::Commit => {
            write.savepoint.commit().engine()?;
            Ok(write.events)
        }
        // Dropping the savepoint undoes it.
        TxOutcome::Rollback => Ok(Vec::new()),
    }
}
