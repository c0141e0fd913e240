//! Whose writes these are, and which of their tabs sends them.

use latido_replica::Outbox;
use leptos::prelude::GetUntracked;
use wasm_bindgen_futures::spawn_local;

use super::{
    Writes,
    send::kind_of,
    storage::{Hearing, Lock, Word, hear, read, say},
};
use crate::{browser::is_visible, realtime::console};

/// Whose writes these are.
pub(super) struct User {
    id: String,
    lock: Holding,
    _hears: Hearing,
}

/// Whether this tab is the one that sends.
enum Holding {
    No,
    /// In the queue for the lock.
    Wanted,
    Yes {
        /// Given back when it is dropped.
        _lock: Lock,
    },
}

impl Writes {
    /// Somebody has signed in: what they had waiting comes back.
    pub fn start(&self, user: String) {
        if self.is_user(&user) {
            return;
        }
        // Whose channel it was is closed before the next is opened.
        self.0.user.take();
        let writes = self.clone();
        let hears = hear(&user, move |word| writes.heard(word));
        self.0.user.replace(Some(User { id: user, lock: Holding::No, _hears: hears }));
        self.0.queries.outbox().borrow_mut().set_sender(false);
        let writes = self.clone();
        spawn_local(async move {
            writes.load().await;
            writes.want_the_lock();
        });
    }

    /// Nobody is signed in. What waits stays in the storage, under its owner's name.
    pub fn stop(&self) {
        self.0.user.take();
        self.0.queries.outbox().replace(Outbox::new());
        self.show();
    }

    fn is_user(&self, id: &str) -> bool {
        self.0.user.borrow().as_ref().is_some_and(|user| user.id == id)
    }

    pub(super) fn user_id(&self) -> Option<String> {
        self.0.user.borrow().as_ref().map(|user| user.id.clone())
    }

    pub(super) fn holds_the_lock(&self) -> bool {
        self.0.user.borrow().as_ref().is_some_and(|user| matches!(user.lock, Holding::Yes { .. }))
    }

    /// Takes in what is stored, by an earlier life of this page or by another tab.
    async fn load(&self) {
        let Some(user) = self.user_id() else { return };
        loop {
            self.stored().await;
            let planned = self.0.planned.get();
            let entries = read(&user).await;
            // While it was read, somebody else may have signed in, or an entry been stored or forgotten:
            // what was read is not what is stored any more.
            if !self.is_user(&user) {
                return;
            }
            match entries {
                Ok(_) if self.0.planned.get() != planned => {}
                Ok(entries) => return self.with(|outbox| outbox.load(entries)),
                Err(_) => {
                    return console::warn(
                        "the browser forbids storage: what waits is lost when the page closes",
                    );
                }
            }
        }
    }

    /// Gets into the queue for the lock, and asks whoever has it and is hidden to give it up.
    pub(super) fn want_the_lock(&self) {
        self.queue_for_the_lock();
        if !self.holds_the_lock() {
            say(&Word::Wanted);
        }
    }

    fn queue_for_the_lock(&self) {
        let wanting = match self.0.user.borrow_mut().as_mut() {
            Some(user) if matches!(user.lock, Holding::No) => {
                user.lock = Holding::Wanted;
                Some(user.id.clone())
            }
            Some(_) | None => None,
        };
        if let Some(user) = wanting {
            let writes = self.clone();
            spawn_local(async move { writes.wait_for_the_lock(user).await });
        }
    }

    async fn wait_for_the_lock(&self, user: String) {
        let lock = Lock::acquire(&user).await;
        match self.0.user.borrow_mut().as_mut() {
            Some(now) if now.id == user => {
                now.lock = lock.map_or(Holding::No, |lock| Holding::Yes { _lock: lock });
            }
            Some(_) | None => return,
        }
        self.load().await;
        // It may have been given away meanwhile, or be another user's.
        if self.is_user(&user) && self.holds_the_lock() {
            self.0.queries.outbox().borrow_mut().set_sender(true);
            self.with(Outbox::wake);
        }
    }

    /// A tab that nobody looks at lets one have the lock that somebody does. It asks for it again when it
    /// is seen.
    pub fn yield_the_lock(&self) {
        if is_visible() || self.0.sending.get() {
            return;
        }
        if let Some(user) = self.0.user.borrow_mut().as_mut()
            && matches!(user.lock, Holding::Yes { .. })
        {
            self.0.queries.outbox().borrow_mut().set_sender(false);
            user.lock = Holding::No;
        }
    }

    fn heard(&self, word: Word) {
        match word {
            Word::Changed => {
                let writes = self.clone();
                spawn_local(async move {
                    writes.load().await;
                    // Should the tab that sends be closed, another one goes on.
                    if writes.waiting().get_untracked() > 0 {
                        writes.queue_for_the_lock();
                    }
                });
            }
            Word::Done { key, body } => {
                let kind = self.0.queries.outbox().borrow().entry(&key).map(kind_of);
                let record = kind.zip(body).and_then(|(kind, body)| kind.parse_one(&body).ok());
                self.with(|outbox| outbox.confirmed_elsewhere(&key, record));
            }
            Word::Wanted => {
                self.0.asked_to_yield.set(self.0.sending.get());
                self.yield_the_lock();
            }
        }
    }
}
