//! The state of the server: everything that a handler may need. Has no routes and no start-up, so that whatever handles
//! a request can name it.

use std::{fs, ops::Deref, sync::Arc};

use latido_domain::store::Store;

use crate::{
    auth::{
        issuer::Issuer,
        password::Passwords,
        session_time::SessionTime,
        ticket::Tickets,
        token::{Tokens, Verified},
    },
    clock::Clock,
    config::Settings,
    hub::Hub,
    links::Links,
    ops::{draining::Draining, guard::RateLimits},
    static_files::Site,
    webhook::{dispatcher::WebhookDispatcher, typing::Typing},
};

/// Everything that a request may need. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Services>);

/// What an [`AppState`] holds.
pub struct Services {
    pub settings: Settings,
    pub clock: Arc<dyn Clock>,
    pub store: Arc<dyn Store>,
    pub hub: Arc<dyn Hub>,
    pub passwords: Passwords,
    pub tokens: Tokens,
    /// Where people sign in besides here.
    pub issuer: Option<Arc<Issuer>>,
    pub tickets: Tickets,
    pub session_time: SessionTime,
    pub site: Site,
    pub rate_limits: RateLimits,
    pub draining: Draining,
    pub links: Links,
    /// Delivers what is for contacts.
    pub webhooks: Arc<WebhookDispatcher>,
    pub typing: Arc<Typing>,
    /// Held for as long as the server runs: two servers on one database would not tell each other of
    /// their events.
    pub lock: fs::File,
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl AppState {
    pub fn new(services: Services) -> Self {
        Self(Arc::new(services))
    }

    /// Closes the database: finishes what is queued, takes no more, and lets another server have it.
    /// Blocks until that is done.
    pub fn close(&self) {
        self.store.close();
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the data directory stays locked until this process ends");
        }
    }

    /// Who presents this access token, whichever issuer made it. Whether the session still lasts is for
    /// the store to say.
    pub async fn verify(&self, token: &str) -> Option<Verified> {
        match (self.tokens.verify(token), &self.issuer) {
            (None, Some(issuer)) => issuer.verify(token).await,
            (verified, _) => verified,
        }
    }
}
