//! What the server consists of, put together, and the one router over it.

use std::{fs, io, ops::Deref, path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    auth::{
        AuthError,
        issuer::Issuer,
        keys::SigningKey,
        password::Passwords,
        ticket::Tickets,
        token::{Tokens, Verified},
    },
    clock::Clock,
    config::Settings,
    http::{self, headers, problem::Problem},
    hub::{Hub, InProcessHub},
    links::Links,
    ops::{
        client,
        guard::{Guard, requests},
        health::{self, Draining},
        observe,
    },
    socket::{self, typing::Typing},
    static_files::{Site, SiteError},
    store::{Store, StoreError, sqlite::SqliteStore},
    webhook::{WebhookError, sender::Sender},
};

/// A request that takes longer than this is given up, so that a client that trickles its body does not
/// hold on to anything.
const REQUEST_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

/// Everything that a request may need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub settings: Settings,
    pub clock: Arc<dyn Clock>,
    pub store: Arc<dyn Store>,
    pub hub: Arc<dyn Hub>,
    pub passwords: Passwords,
    pub tokens: Tokens,
    /// Where people sign in besides here.
    pub issuer: Option<Arc<Issuer>>,
    pub tickets: Tickets,
    pub site: Site,
    pub guard: Guard,
    pub draining: Draining,
    pub links: Links,
    /// Delivers what is for contacts.
    pub sender: Sender,
    pub typing: Arc<Typing>,
    /// Held for as long as the server runs: two servers on one database would not tell each other of
    /// their events.
    lock: fs::File,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data directory {path} cannot be used: {error}")]
    Data { path: PathBuf, error: io::Error },
    #[error("another server is using the data directory {path}; stop it, or choose another one with --data")]
    InUse { path: PathBuf },
    #[error("the database cannot be opened: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error(transparent)]
    Tls(#[from] crate::ops::tls::TlsError),
    #[error(transparent)]
    Metrics(#[from] crate::ops::metrics::endpoint::MetricsError),
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    #[error("the demo data could not be created: {0}")]
    Demo(#[from] crate::demo::DemoError),
    #[error("--origin {0} is not an origin; it looks like https://app.example.org")]
    Origin(String),
    #[error("cannot listen on {address}: {error}{hint}")]
    Listen { address: std::net::SocketAddr, error: io::Error, hint: &'static str },
}

/// The database in a data directory.
pub fn database(data: &std::path::Path) -> PathBuf {
    data.join("latido.db")
}

/// Creates the data directory if it is missing, for its owner alone.
pub fn create_data(data: &std::path::Path) -> Result<(), StartError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(|error| StartError::Data { path: data.to_owned(), error })
}

impl App {
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        for origin in &settings.origins {
            let authority = origin.strip_prefix("http://").or(origin.strip_prefix("https://"));
            if authority.is_none_or(|rest| rest.is_empty() || rest.contains(['/', '?', '#', ' ', ';', ','])) {
                return Err(StartError::Origin(origin.clone()));
            }
        }
        create_data(&settings.data)?;
        let lock = lock(&settings.data)?;
        let hub = Arc::new(InProcessHub::new(settings.limits.queue_length, settings.limits.sockets_per_user));
        let store = SqliteStore::open(&database(&settings.data), Arc::clone(&hub) as _)?;
        let key = SigningKey::load_or_make(&settings.data)?;
        let app = Self(Arc::new(Parts {
            passwords: Passwords::new(settings.password_cost)?,
            tokens: Tokens::new(key, settings.access_token_seconds, Arc::clone(&clock)),
            issuer: settings.issuer.clone().map(|issuer| Arc::new(Issuer::new(issuer, Arc::clone(&clock)))),
            tickets: Tickets::new(Arc::clone(&clock)),
            site: Site::load(&settings.dist)?,
            guard: Guard::new(&settings.operations),
            draining: Draining::default(),
            links: Links::new(Arc::clone(&store), Arc::clone(&clock), settings.links.clone()),
            sender: Sender::new(&settings.webhooks, &settings.data)?,
            typing: Typing::new(Arc::clone(&hub) as _, Arc::clone(&clock), settings.limits.typing_within),
            settings,
            clock,
            store,
            hub,
            lock,
        }));
        if app.settings.demo {
            crate::demo::fill(&*app.store, &app.passwords, app.clock.now()).await?;
        }
        app.links.open().await?;
        Ok(app)
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

    /// All that the server answers.
    pub fn router(&self) -> Router {
        Router::new()
            .nest("/api", http::api(self))
            .route("/.well-known/jwks.json", get(http::session::jwks))
            .layer(from_fn(to_the_end))
            .layer(from_fn(in_time))
            .route("/ws", any(socket::upgrade))
            .fallback(crate::static_files::serve)
            .layer(from_fn_with_state(self.clone(), requests::limit_network))
            .merge(health::routes())
            .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
            .layer(from_fn(observe::observe))
            .layer(from_fn_with_state(self.clone(), headers::secure))
            .layer(from_fn_with_state(self.clone(), client::identify))
            .with_state(self.clone())
    }
}

/// Takes the data directory for this process, for as long as the file is held.
pub fn lock(data: &std::path::Path) -> Result<fs::File, StartError> {
    let failed = |error| StartError::Data { path: data.to_owned(), error };
    let file = fs::File::create(data.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StartError::InUse { path: data.to_owned() }),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// What changes something runs to its end even if nobody waits for the answer any more: a write must not
/// be left without what follows from it, such as the sockets of a session that has ended.
async fn to_the_end(request: Request<Body>, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(response) => response,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => Problem::internal().into_response(),
    }
}

async fn in_time(request: Request<Body>, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(StatusCode::REQUEST_TIMEOUT, "The request did not arrive whole in time.")
            .into_response(),
    }
}
