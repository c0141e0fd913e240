//! The session, and the one place that holds a token.
//!
//! The access token lives in memory and nowhere else. A reload gets a new one with the refresh
//! cookie, which no script can read. Refreshing is single-flight: however many requests find the
//! token old, one asks and all wait for it.

use std::cell::{Cell, RefCell};

use futures::{
    FutureExt,
    future::{LocalBoxFuture, Shared as SharedFuture},
};
use latido_protocol::{
    session::{Credentials, Session, User},
    time::Timestamp,
};
use leptos::prelude::*;
use web_sys::AbortController;

use super::{
    error::ApiError,
    response::json,
    transport::{Method, Request, transmit},
};
use crate::browser::{LocalRc, clock, local_rc, response_cache, storage};

/// Stores only *that* there was a session, so that a first visit sends no request.
const STORAGE_KEY: &str = "latido.session";
/// Present after a sign-out that the server does not know of yet.
const LEAVING_KEY: &str = "latido.leaving";
/// A token is renewed this long before it expires.
const MARGIN_MS: i64 = 30_000;

#[derive(Clone, Debug, PartialEq)]
pub enum SignedIn {
    /// After a reload, until the cookie has been exchanged.
    Unknown,
    /// The cookie cannot be exchanged yet, for want of a network. This is the last user: enough to read cached data
    /// and to write what will be sent later, and for nothing that a server would have to authorize.
    Remembered(User),
    No {
        /// A session was there and is over.
        ended: bool,
    },
    Yes(User),
}

impl SignedIn {
    /// Whose page this is.
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::Yes(user) | Self::Remembered(user) => Some(user),
            Self::Unknown | Self::No { .. } => None,
        }
    }

    /// Whether the server has still to say who is there.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unknown | Self::Remembered(_))
    }
}

#[derive(Clone)]
pub struct SessionStore(LocalRc<Inner>);

type Refresh = SharedFuture<LocalBoxFuture<'static, Result<String, ApiError>>>;

struct Inner {
    base: String,
    signed_in: ArcRwSignal<SignedIn>,
    token: RefCell<Option<Token>>,
    /// Counts the sessions that have ended in this page: what was begun in one is not finished in another.
    ended: Cell<u32>,
    refresh: RefCell<Option<Refresh>>,
}

struct Token {
    access: String,
    renew_at: Timestamp,
}

impl SessionStore {
    pub fn new(base: String) -> Self {
        let remembered = storage::get(STORAGE_KEY).is_some();
        let signed_in = if remembered { SignedIn::Unknown } else { SignedIn::No { ended: false } };
        Self(local_rc(Inner {
            base,
            signed_in: ArcRwSignal::new(signed_in),
            token: RefCell::default(),
            ended: Cell::default(),
            refresh: RefCell::default(),
        }))
    }

    pub fn signed_in(&self) -> ArcReadSignal<SignedIn> {
        self.0.signed_in.read_only()
    }

    /// Whether the server has still to say who is there.
    pub fn is_open(&self) -> bool {
        self.0.signed_in.with_untracked(SignedIn::is_open)
    }

    /// Shows the last user's cached data until the session is restored.
    pub async fn remember(&self) {
        let is_unknown = || self.0.signed_in.with_untracked(|now| *now == SignedIn::Unknown);
        if is_unknown()
            && let Some(user) = response_cache::owner().await
            && is_unknown()
        {
            self.0.signed_in.set(SignedIn::Remembered(user));
        }
    }

    /// A token that should work: renewed if it is about to expire, or if it is the refused one.
    pub async fn token(&self, refused: Option<&str>) -> Result<String, ApiError> {
        let usable = self.0.token.borrow().as_ref().and_then(|token| {
            let fresh = clock::wall() < token.renew_at && refused != Some(token.access.as_str());
            fresh.then(|| token.access.clone())
        });
        match usable {
            Some(token) => Ok(token),
            None => self.refresh().await,
        }
    }

    /// Differs when the session is another one than it was.
    pub fn number(&self) -> u32 {
        self.0.ended.get()
    }

    /// The current token, whatever its age; what a refused socket was dialled with.
    pub fn current_token(&self) -> Option<String> {
        self.0.token.borrow().as_ref().map(|token| token.access.clone())
    }

    pub async fn sign_in(&self, email: String, password: String) -> Result<(), ApiError> {
        self.leave().await;
        let body = json(&Credentials { email, password })?;
        let session = self.ask(Method::Post, "/session", Some(body)).await?;
        // The cookie is the new session's from here on: there is no other to end.
        storage::remove(LEAVING_KEY);
        self.take(session).map(drop)
    }

    pub async fn sign_out(&self) {
        storage::tab::clear();
        storage::set(LEAVING_KEY, "1");
        self.forget(false);
        self.leave().await;
    }

    /// Sends a sign-out that the server does not know of yet: at once, else at the next start, else before the next
    /// sign-in. The cookie identifies the session to end.
    pub async fn leave(&self) {
        if storage::get(LEAVING_KEY).is_none() {
            return;
        }
        let request = Request::new(Method::Delete, format!("{}/session", self.0.base), None);
        let is_told = match transmit(request, AbortController::new().ok().as_ref()).await {
            Ok(_) => true,
            // There is no such session any more; but a server that is busy or broken has ended none.
            Err(ApiError::Refused(problem)) => problem.status < 500 && problem.status != 429,
            Err(_) => false,
        };
        if is_told {
            storage::remove(LEAVING_KEY);
        }
    }

    /// The server no longer knows this session.
    pub fn end(&self) {
        self.forget(true);
    }

    async fn refresh(&self) -> Result<String, ApiError> {
        let under_way = self.0.refresh.borrow().clone();
        let refresh = under_way.unwrap_or_else(|| {
            let store = self.clone();
            let number = self.number();
            let refresh = async move {
                let answer = store.ask(Method::Post, "/session/refresh", None).await;
                store.0.refresh.take();
                match answer {
                    // The user has signed out meanwhile.
                    _ if store.number() != number => Err(ApiError::SignedOut),
                    Ok(session) => store.take(session),
                    Err(ApiError::Refused(problem)) if problem.status == 401 => {
                        store.end();
                        Err(ApiError::SignedOut)
                    }
                    Err(error) => Err(error),
                }
            }
            .boxed_local()
            .shared();
            self.0.refresh.replace(Some(refresh.clone()));
            refresh
        });
        refresh.await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<String>) -> Result<Session, ApiError> {
        let request = Request::new(method, format!("{}{path}", self.0.base), body.as_deref());
        let abort = AbortController::new().ok();
        transmit(request, abort.as_ref()).await?.parse()
    }

    /// All tabs share the cookie. If another user has signed in in another tab, this page is theirs now and reloads:
    /// nothing that it holds or was about to send may become theirs too.
    fn take(&self, session: Session) -> Result<String, ApiError> {
        let is_somebody_elses =
            self.0.signed_in.with_untracked(|now| now.user().is_some_and(|user| user.id != session.user.id));
        if is_somebody_elses {
            storage::tab::clear();
            response_cache::clear();
            self.0.ended.set(self.0.ended.get() + 1);
            let _ = window().location().reload();
            return Err(ApiError::SignedOut);
        }
        let lifetime_ms = i64::try_from(session.expires_in).unwrap_or(0).saturating_mul(1000);
        // A token shorter-lived than the margin is used for half its life.
        let use_for = (lifetime_ms - MARGIN_MS).max(lifetime_ms / 2);
        let renew_at = clock::wall().plus_ms(use_for);
        self.0.token.replace(Some(Token { access: session.access_token.clone(), renew_at }));
        storage::set(STORAGE_KEY, "1");
        response_cache::set_owner(&session.user);
        let signed_in = SignedIn::Yes(session.user);
        if self.0.signed_in.with_untracked(|now| *now != signed_in) {
            self.0.signed_in.set(signed_in);
        }
        Ok(session.access_token)
    }

    fn forget(&self, ended: bool) {
        self.0.token.take();
        self.0.ended.set(self.0.ended.get() + 1);
        storage::remove(STORAGE_KEY);
        response_cache::clear();
        self.0.signed_in.set(SignedIn::No { ended });
    }
}
