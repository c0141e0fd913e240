//! The tabs of one user: the lock that decides which of them sends, and their messages.

use latido_cache::Outbox;
use leptos::prelude::GetUntracked;
use wasm_bindgen_futures::spawn_local;

use super::{
    Writes,
    owner::{LockState, OutboxOwner},
    problem::{NotStored, OutboxProblem},
    send::kind_of,
    storage::{Lock, NotRead, TabMessage, open_channel, post, read},
    write_code,
};
use crate::{
    browser::{is_visible, timer::after},
    log,
};

/// The first pause before the code that reads stored writes is loaded again, milliseconds. It doubles each time.
pub(super) const READ_AGAIN_MS: u32 = 5_000;
const LONGEST_PAUSE_MS: u32 = 300_000;

impl Writes {
    /// Starts for a signed-in user: loads the writes that they had waiting.
    pub fn start(&self, user: String) {
        if self.is_user(&user) {
            return;
        }
        // Whose channel it was is closed before the next is opened.
        self.0.user.take();
        let writes = self.clone();
        let channel = open_channel(&user, move |message| writes.receive(message));
        self.0.user.replace(Some(OutboxOwner {
            id: user,
            lock: LockState::NotHeld,
            is_alone: false,
            _channel: channel,
        }));
        self.0.queries.outbox().borrow_mut().set_sender(false);
        let writes = self.clone();
        spawn_local(async move {
            writes.load().await;
            writes.request_lock();
        });
    }

    /// Stops at sign-out. Waiting writes stay in the storage, under their owner's id.
    pub fn stop(&self) {
        self.0.user.take();
        self.0.queries.outbox().replace(Outbox::new());
        self.set_problem(|problem| *problem = OutboxProblem::default());
        self.show();
    }

    fn is_user(&self, id: &str) -> bool {
        self.0.user.borrow().as_ref().is_some_and(|user| user.id == id)
    }

    pub(super) fn user_id(&self) -> Option<String> {
        self.0.user.borrow().as_ref().map(|user| user.id.clone())
    }

    pub(super) fn holds_lock(&self) -> bool {
        let user = self.0.user.borrow();
        user.as_ref().is_some_and(|user| user.is_alone || matches!(user.lock, LockState::Held { .. }))
    }

    /// Takes in what is stored, by an earlier life of this page or by another tab.
    async fn load(&self) {
        let Some(user) = self.user_id() else { return };
        loop {
            self.stored().await;
            let planned = self.0.planned.get();
            let entries = read(&user).await;
            // During the read another user may have signed in, or an entry been stored or removed: the result is
            // outdated.
            if !self.is_user(&user) {
                return;
            }
            match entries {
                Ok(_) if self.0.planned.get() != planned => {}
                Ok(entries) => {
                    self.set_alone(false);
                    return self.with(|outbox| outbox.load(entries));
                }
                Err(NotRead::NoCode) => return self.load_later(),
                Err(NotRead::NoStorage) => {
                    log::warn(
                        "the browser forbids storage, or it does not answer: what waits is lost when the page closes",
                    );
                    self.set_alone(true);
                    return self.flush();
                }
            }
        }
    }

    /// What waits in the storage cannot be read without its code.
    fn load_later(&self) {
        if self.0.reads_again.replace(true) {
            return;
        }
        let pause = self.0.read_pause_ms.get();
        self.0.read_pause_ms.set((pause * 2).min(LONGEST_PAUSE_MS));
        let writes = self.clone();
        after(pause, move || {
            writes.0.reads_again.set(false);
            spawn_local(async move { writes.load().await });
        });
    }

    /// Where nothing can be stored no other tab can send what this one holds: it sends without the lock.
    fn set_alone(&self, is_alone: bool) {
        let changed = self.0.user.borrow_mut().as_mut().and_then(|user| {
            let was_alone = std::mem::replace(&mut user.is_alone, is_alone);
            (was_alone != is_alone).then_some(is_alone || matches!(user.lock, LockState::Held { .. }))
        });
        if let Some(sends) = changed {
            self.0.queries.outbox().borrow_mut().set_sender(sends);
        }
        self.set_problem(|problem| match (is_alone, problem.not_stored) {
            (true, None) => problem.not_stored = Some(NotStored::Unavailable),
            (false, Some(NotStored::Unavailable)) => problem.not_stored = None,
            (true, Some(_)) | (false, _) => {}
        });
    }

    /// Queues for the lock, and asks a hidden tab that holds it to release it.
    pub(super) fn request_lock(&self) {
        self.queue_for_lock();
        if !self.holds_lock() {
            post(&TabMessage::LockWanted);
        }
    }

    fn queue_for_lock(&self) {
        let wanting = match self.0.user.borrow_mut().as_mut() {
            Some(user) if matches!(user.lock, LockState::NotHeld) => {
                user.lock = LockState::Requested;
                Some(user.id.clone())
            }
            Some(_) | None => None,
        };
        if let Some(user) = wanting {
            let writes = self.clone();
            spawn_local(async move { writes.acquire_lock(user).await });
        }
    }

    async fn acquire_lock(&self, user: String) {
        let lock = Lock::acquire(&user).await;
        match self.0.user.borrow_mut().as_mut() {
            Some(now) if now.id == user => {
                now.lock = lock.map_or(LockState::NotHeld, |lock| LockState::Held { _lock: lock });
            }
            Some(_) | None => return,
        }
        self.load().await;
        // It may have been given away meanwhile, or be another user's.
        if self.is_user(&user) && self.holds_lock() {
            self.0.queries.outbox().borrow_mut().set_sender(true);
            self.with(Outbox::wake);
        }
    }

    /// Releases the lock if this tab is hidden, for a visible one. It is requested again when the tab is shown.
    pub fn yield_lock(&self) {
        if is_visible() || self.0.sending.get() {
            return;
        }
        if let Some(user) = self.0.user.borrow_mut().as_mut()
            && !user.is_alone
            && matches!(user.lock, LockState::Held { .. })
        {
            self.0.queries.outbox().borrow_mut().set_sender(false);
            user.lock = LockState::NotHeld;
        }
    }

    /// Another tab has sent this entry. Without the code that reads its record, the next fetch brings it.
    async fn confirmed_elsewhere(&self, key: &str, body: Option<String>) {
        let user = self.user_id();
        let kind = self.0.queries.outbox().borrow().entry(key).map(kind_of);
        let record = match (kind, body, write_code::load().await) {
            (Some(kind), Some(body), Ok(code)) => (code.read_record)(kind, &body),
            _ => None,
        };
        // While the code was loading, another user may have signed in.
        if self.user_id() == user {
            self.with(|outbox| outbox.confirmed_elsewhere(key, record));
        }
    }

    fn receive(&self, message: TabMessage) {
        match message {
            TabMessage::StorageChanged => {
                let writes = self.clone();
                spawn_local(async move {
                    writes.load().await;
                    // Should the tab that sends be closed, another one goes on.
                    if writes.waiting().get_untracked() > 0 {
                        writes.queue_for_lock();
                    }
                });
            }
            TabMessage::Done { key, body } => {
                let writes = self.clone();
                spawn_local(async move { writes.confirmed_elsewhere(&key, body).await });
            }
            TabMessage::LockWanted => {
                self.0.asked_to_yield.set(self.0.sending.get());
                self.yield_lock();
            }
        }
    }
}
