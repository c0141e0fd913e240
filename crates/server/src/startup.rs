//! Start-up: opens the data directory and puts the state together.

use std::sync::Arc;

use latido_domain::store::StoreError;
use latido_store_sqlite::SqliteStore;

use crate::{
    auth::{
        AuthError, issuer::Issuer, keys::SigningKey, password::Passwords, session_time::SessionTime,
        ticket::Tickets, token::Tokens,
    },
    clock::Clock,
    config::Settings,
    hub::InProcessHub,
    links::Links,
    ops::{
        data_dir::{self, DataDirError, database},
        draining::Draining,
        guard::RateLimits,
    },
    state::{AppState, Services},
    static_files::{Site, SiteError},
    webhook::{WebhookError, dispatcher::WebhookDispatcher, typing::Typing},
};

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    DataDir(#[from] DataDirError),
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
    Listen { address: std::net::SocketAddr, error: std::io::Error, hint: &'static str },
}

/// Opens the data directory and everything that a running server holds.
pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> Result<AppState, StartError> {
    for origin in &settings.origins {
        let authority = origin.strip_prefix("http://").or(origin.strip_prefix("https://"));
        if authority.is_none_or(|rest| rest.is_empty() || rest.contains(['/', '?', '#', ' ', ';', ','])) {
            return Err(StartError::Origin(origin.clone()));
        }
    }
    let lock = data_dir::claim(&settings.data)?;
    let hub = Arc::new(InProcessHub::new(settings.limits.queue_length, settings.limits.sockets_per_user));
    let store = SqliteStore::open(&database(&settings.data), Arc::clone(&hub) as _)?;
    let key = SigningKey::load_or_make(&settings.data)?;
    let app = AppState::new(Services {
        passwords: Passwords::new(settings.password_cost)?,
        tokens: Tokens::new(key, settings.access_token_seconds, Arc::clone(&clock)),
        issuer: settings.issuer.clone().map(|issuer| Arc::new(Issuer::new(issuer, Arc::clone(&clock)))),
        tickets: Tickets::new(Arc::clone(&clock)),
        session_time: SessionTime::open(Arc::clone(&clock), &*store).await?,
        site: Site::load(&settings.dist)?,
        rate_limits: RateLimits::new(&settings.operations),
        draining: Draining::default(),
        links: Links::new(Arc::clone(&store), Arc::clone(&clock), settings.links.clone()),
        webhooks: Arc::new(WebhookDispatcher::new(&settings.webhooks, &settings.data)?),
        typing: Typing::new(Arc::clone(&hub) as _, Arc::clone(&clock), settings.limits.typing_within),
        settings,
        clock,
        store,
        hub,
        lock,
    });
    if app.settings.demo {
        crate::demo::fill(&*app.store, &app.passwords, app.clock.now()).await?;
    }
    app.links.open().await?;
    Ok(app)
}
