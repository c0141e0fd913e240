//! Delivers what is in the outbox: looks at every queue when it is due, sends the first of it, and notes
//! what became of it.
//!
//! Where no address is configured, nothing is pushed: whoever acts for a contact fetches
//! (`latido-server chat`), and what nobody has fetched in an hour has failed, as if it had been pushed in
//! vain for that long.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use latido_domain::{
    contact,
    error::DomainError,
    outbox::{self, DueQueue, OutboxJob},
    settlement::{self, DeliveryOutcome},
    store::{Store, StoreError},
};
use latido_protocol::conversation::ContactId;
use tokio::{
    sync::{broadcast, watch},
    task::{JoinHandle, JoinSet, spawn_blocking},
};
use tracing::{error, info};

use super::typing::{Typing, TypingToContact};
use super::{
    WebhookArgs, WebhookError,
    outbound::{Outbound, To},
    push::{Push, PushResult},
    retry,
    secret::{self, Secret},
};
use crate::clock::Clock;

/// So many contacts are delivered to at the same time.
const AT_ONCE: usize = 8;
/// The longest nap: the clock may have been set meanwhile.
const LONGEST_NAP: Duration = Duration::from_mins(1);
/// The nap after the store has failed.
const FAILED_NAP: Duration = Duration::from_secs(5);

/// How what is said reaches the contact's side.
enum DeliveryMode {
    Push(Arc<Push>),
    /// It is fetched.
    Fetched,
}

pub struct WebhookDispatcher {
    pub secrets: Arc<[Secret]>,
    mode: DeliveryMode,
    /// Counts up when something has been queued.
    work: watch::Sender<u64>,
    stopped: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// What the tasks of a dispatcher work with.
#[derive(Clone)]
struct DeliveryContext {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    typing: Arc<Typing>,
    webhooks: Arc<WebhookDispatcher>,
}

impl WebhookDispatcher {
    /// `data` is the data directory, where a secret is kept if none is configured.
    pub fn new(settings: &WebhookArgs, data: &Path) -> Result<Self, WebhookError> {
        let secrets = secret::load_or_make(&settings.secrets, data)?;
        let mode = match &settings.outbound_url {
            Some(url) => DeliveryMode::Push(Arc::new(Push::new(url)?)),
            None => DeliveryMode::Fetched,
        };
        Ok(Self {
            secrets: secrets.into(),
            mode,
            work: watch::Sender::new(0),
            stopped: watch::Sender::new(false),
            tasks: Mutex::default(),
        })
    }

    /// Whether deliveries are fetched rather than pushed.
    pub fn is_fetched(&self) -> bool {
        matches!(self.mode, DeliveryMode::Fetched)
    }

    /// Says that something has been queued.
    pub fn notify(&self) {
        self.work.send_modify(|count| *count += 1);
    }

    /// Changes whenever something has been queued.
    pub fn work(&self) -> watch::Receiver<u64> {
        self.work.subscribe()
    }

    /// Waits until the server goes away.
    pub async fn stopping(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.stopped.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Begins to deliver.
    pub fn start(self: &Arc<Self>, store: &Arc<dyn Store>, clock: &Arc<dyn Clock>, typing: &Arc<Typing>) {
        let work = DeliveryContext {
            store: Arc::clone(store),
            clock: Arc::clone(clock),
            typing: Arc::clone(typing),
            webhooks: Arc::clone(self),
        };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push(tokio::spawn(deliver(work.clone())));
        if let DeliveryMode::Push(push) = &self.mode {
            tasks.push(tokio::spawn(push_typing_changes(work.clone(), Arc::clone(push))));
        }
    }

    /// Begins nothing new, and waits for what is under way.
    pub async fn stop(&self) {
        self.stopped.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                error!(%error, "delivering did not end as it should");
            }
        }
    }
}

async fn deliver(context: DeliveryContext) {
    let mut work = context.webhooks.work();
    let mut under_way = JoinSet::new();
    let mut busy = HashSet::new();
    loop {
        work.borrow_and_update();
        let nap = match begin(&context, &mut busy, &mut under_way).await {
            Ok(nap) => nap,
            Err(error) => {
                error!(%error, "the outbox could not be read");
                FAILED_NAP
            }
        };
        tokio::select! {
            biased;
            () = context.webhooks.stopping() => break,
            Some(done) = under_way.join_next() => match done {
                Ok(contact) => { busy.remove(&contact); }
                Err(error) => {
                    // Whose it was is not known any more; what is due is found again.
                    error!(%error, "a delivery ended badly and will be repeated");
                    busy.clear();
                }
            },
            _ = work.changed() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

/// Sets out for the queues that are due, as many as may be under way, and says when to look again.
async fn begin(
    context: &DeliveryContext,
    busy: &mut HashSet<ContactId>,
    under_way: &mut JoinSet<ContactId>,
) -> Result<Duration, StoreError> {
    if busy.len() >= AT_ONCE {
        return Ok(LONGEST_NAP);
    }
    let due = context.store.read(|read| outbox::due(read, 2 * AT_ONCE)).await?;
    let grace = if context.webhooks.is_fetched() { retry::KEPT_MS } else { 0 };
    let now = context.clock.now();
    for DueQueue { contact, at } in
        due.into_iter().filter(|due| !busy.contains(&due.contact)).collect::<Vec<_>>()
    {
        let left = at.plus_ms(grace).unix_ms() - now.unix_ms();
        if let Ok(left @ 1..) = u64::try_from(left) {
            return Ok(Duration::from_millis(left).min(LONGEST_NAP));
        }
        if busy.len() >= AT_ONCE {
            break;
        }
        busy.insert(contact.clone());
        under_way.spawn(attempt(context.clone(), contact));
    }
    Ok(LONGEST_NAP)
}

/// Sends the first of a queue and notes what became of it.
async fn attempt(context: DeliveryContext, contact: ContactId) -> ContactId {
    if let Err(error) = attempt_first(&context, &contact).await {
        error!(%error, "what became of a delivery could not be noted; it will be repeated");
        tokio::select! {
            () = context.webhooks.stopping() => {}
            () = tokio::time::sleep(FAILED_NAP) => {}
        }
    }
    contact
}

async fn attempt_first(context: &DeliveryContext, contact: &ContactId) -> Result<(), DomainError> {
    let of = contact.clone();
    let first = context.store.read(move |read| {
        let Some(job) = outbox::waiting(read, &of, 1)?.pop() else { return Ok::<_, StoreError>(None) };
        let Some(contact) = contact::by_id(read, &of)? else { return Ok(None) };
        let said = Outbound::of(read, &contact, &job)?;
        Ok(Some((job, said)))
    });
    let contact = contact.clone();
    let (job, answer) = match (first.await?, &context.webhooks.mode) {
        (None, _) => return Ok(context.store.write(move |write| outbox::forget(write, &contact)).await?),
        (Some((job, Some(said))), DeliveryMode::Push(push)) => {
            let answer = push_delivery(context, push, &job, &said).await?;
            (job, answer)
        }
        // What it is about is gone, or nobody has fetched it in time.
        (Some((job, _)), _) => (job, PushResult::Rejected),
    };
    let now = context.clock.now();
    let outcome = match answer {
        PushResult::Accepted => DeliveryOutcome::Delivered,
        PushResult::Rejected => DeliveryOutcome::Failed,
        PushResult::RetryLater => match retry::wait_ms(job.failed + 1, getrandom::u32().unwrap_or(0)) {
            Some(wait) => {
                return Ok(context
                    .store
                    .write(move |write| outbox::postpone(write, &contact, job, now.plus_ms(wait)))
                    .await?);
            }
            None => DeliveryOutcome::Failed,
        },
    };
    info!(delivery = %job.id, ?outcome, attempts = job.failed + 1, "delivery settled");
    context.store.write(move |write| settlement::settle(write, &contact, &job.id, outcome, now)).await
}

async fn push_delivery(
    context: &DeliveryContext,
    push: &Arc<Push>,
    job: &OutboxJob,
    outbound: &Outbound,
) -> Result<PushResult, StoreError> {
    let body = serde_json::to_string(outbound)?;
    let (push, secrets, id, now) =
        (Arc::clone(push), Arc::clone(&context.webhooks.secrets), job.id.clone(), context.clock.now());
    let pushed = spawn_blocking(move || push.deliver(id.as_str(), &body, &secrets, now));
    Ok(pushed.await.unwrap_or(PushResult::RetryLater))
}

/// Tells the other side who is typing, as well as it goes.
async fn push_typing_changes(context: DeliveryContext, push: Arc<Push>) {
    let mut typing = context.typing.to_contacts();
    loop {
        let heard = tokio::select! {
            biased;
            () = context.webhooks.stopping() => return,
            heard = typing.recv() => heard,
        };
        match heard {
            Ok(TypingToContact { contact, typing }) => push_typing(&context, &push, contact, typing).await,
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

async fn push_typing(context: &DeliveryContext, push: &Arc<Push>, contact: ContactId, typing: bool) {
    let found = context.store.read(move |read| contact::by_id(read, &contact)).await;
    let Ok(Some(contact)) = found else { return };
    let to = To::from(&contact);
    let said = if typing { Outbound::TypingStart { to } } else { Outbound::TypingStop { to } };
    let Ok(body) = serde_json::to_string(&said) else { return };
    let (push, secrets, now) = (Arc::clone(push), Arc::clone(&context.webhooks.secrets), context.clock.now());
    let _ = spawn_blocking(move || push.push_typing(&body, &secrets, now)).await;
}
