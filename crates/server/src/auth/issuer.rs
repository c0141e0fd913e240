//! Tokens of another issuer, such as a Cognito user pool: people sign in there, and their access tokens
//! are good here.
//!
//! The issuer's public keys are fetched when a token names one that is not known, and once an hour. A
//! token can name whatever it likes, so they are fetched at most once a minute; and while the issuer
//! cannot be reached, the keys that are known stay good.

use std::{
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jsonwebtoken::jwk::JwkSet;
use latido_domain::{account::TenantId, digest::Digest};
use latido_protocol::{session::UserId, time::Timestamp};
use tokio::{sync::Mutex, task::spawn_blocking};
use tracing::{info, warn};

use super::{
    session_id::SessionId,
    token::{Origin, Verified},
    verifier::{Claims, Keys, Refusal, Verifier},
};
use crate::clock::Clock;

/// Between one attempt to fetch the keys and the next.
const ATTEMPT_EVERY_MS: i64 = 60_000;
/// Keys that are older are fetched again, so that one that was withdrawn is not believed for ever.
const FRESH_FOR_MS: i64 = 3_600_000;
/// How long fetching may take in all.
const FETCH_WITHIN: Duration = Duration::from_secs(5);
/// Cognito publishes two keys in less than 1 kB.
const MAX_BYTES: u64 = 64 * 1024;

/// Where people sign in, and for which app client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerSettings {
    pub url: IssuerUrl,
    pub client: String,
    /// Where whoever comes from there is given an account.
    pub tenant: TenantId,
}

/// The `iss` of an issuer's tokens to the letter, below which its keys are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerUrl(String);

#[derive(Debug, thiserror::Error)]
#[error("it has to begin with https:// (http:// is for this machine only)")]
pub struct NotSafe;

impl FromStr for IssuerUrl {
    type Err = NotSafe;

    fn from_str(url: &str) -> Result<Self, NotSafe> {
        if is_safe(url) { Ok(Self(url.to_owned())) } else { Err(NotSafe) }
    }
}

/// Whoever sits between us and the issuer could make up keys, unless it is nobody.
fn is_safe(url: &str) -> bool {
    let Ok(url) = url.parse::<ureq::http::Uri>() else { return false };
    match (url.scheme_str(), url.host()) {
        (Some("https"), Some(_)) => true,
        (Some("http"), Some(host)) => matches!(host, "127.0.0.1" | "[::1]" | "localhost"),
        _ => false,
    }
}

#[derive(Default)]
struct Known {
    keys: Keys,
    fetched_at: Option<Timestamp>,
}

pub struct Issuer {
    settings: IssuerSettings,
    verifier: Verifier,
    agent: ureq::Agent,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    /// When the keys were last asked for. Held while they are.
    attempted_at: Mutex<Option<Timestamp>>,
}

impl Issuer {
    pub fn new(settings: IssuerSettings, clock: Arc<dyn Clock>) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(FETCH_WITHIN))
            // A redirect could lead to somebody else.
            .max_redirects(0)
            .max_redirects_will_error(true)
            .build()
            .new_agent();
        Self {
            verifier: Verifier::new(&settings.url.0, &settings.client),
            settings,
            agent,
            clock,
            known: RwLock::default(),
            attempted_at: Mutex::default(),
        }
    }

    /// Who presents this token; `None` does not say what is wrong with it.
    pub async fn verify(self: &Arc<Self>, token: &str) -> Option<Verified> {
        if !self.verifier.is_addressed_by(token) {
            return None;
        }
        let mut checked = self.check(token);
        if matches!(checked, Err(Refusal::UnknownKey)) {
            let mut attempted_at = self.attempted_at.lock().await;
            self.fetch_keys(&mut attempted_at).await;
            checked = self.check(token);
        } else {
            self.refresh_keys();
        }
        checked.ok().map(|claims| self.verified(claims))
    }

    fn check(&self, token: &str) -> Result<Claims, Refusal> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        self.verifier.verify(token, &known.keys, self.clock.now())
    }

    /// Has the keys fetched if they are old. Nobody waits for it.
    fn refresh_keys(self: &Arc<Self>) {
        let fetched_at = self.known.read().unwrap_or_else(PoisonError::into_inner).fetched_at;
        let now = self.clock.now();
        if fetched_at.is_some_and(|fetched_at| fetched_at.plus_ms(FRESH_FOR_MS) > now) {
            return;
        }
        let issuer = Arc::clone(self);
        tokio::spawn(async move {
            if let Ok(mut attempted_at) = issuer.attempted_at.try_lock() {
                issuer.fetch_keys(&mut attempted_at).await;
            }
        });
    }

    /// Fetches the keys, unless that was just attempted. What is known stays if it does not work.
    async fn fetch_keys(&self, attempted_at: &mut Option<Timestamp>) {
        let now = self.clock.now();
        if attempted_at.is_some_and(|at| at.plus_ms(ATTEMPT_EVERY_MS) > now) {
            return;
        }
        *attempted_at = Some(now);
        let (agent, url) = (
            self.agent.clone(),
            format!("{}/.well-known/jwks.json", self.settings.url.0.trim_end_matches('/')),
        );
        match spawn_blocking(move || fetch(&agent, &url)).await {
            Ok(Ok(keys)) => {
                info!("fetched the keys of the issuer");
                let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
                *known = Known { keys, fetched_at: Some(now) };
            }
            Ok(Err(error)) => {
                warn!(%error, "the issuer's keys could not be fetched; the known ones stay good");
            }
            Err(error) => warn!(%error, "fetching the issuer's keys broke off; the known ones stay good"),
        }
    }

    /// Ids are made of issuer and subject, so that no issuer can name a user or a session of ours.
    fn verified(&self, claims: Claims) -> Verified {
        let expires_at = claims.expires_at();
        let Claims { sub, origin_jti, jti, username, .. } = claims;
        // Without either, all tokens of a person are one session: signing out then ends them all.
        let sign_in = origin_jti.or(jti).unwrap_or_default();
        let id = |parts: &[&str]| {
            let parts = serde_json::to_vec(&(&self.settings.url.0, parts)).unwrap_or_default();
            Digest::of(&parts).hex()
        };
        Verified {
            user: UserId::new(id(&[&sub])),
            session: SessionId::new(id(&[&sub, &sign_in])),
            expires_at,
            origin: Origin::Elsewhere { name: username },
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Http(#[from] ureq::Error),
    #[error("what it answers is no key set: {0}")]
    Json(#[from] serde_json::Error),
    #[error("there is no key in it that may be used")]
    NoKeys,
}

fn fetch(agent: &ureq::Agent, url: &str) -> Result<Keys, FetchError> {
    let mut answer = agent.get(url).call()?;
    let body = answer.body_mut().with_config().limit(MAX_BYTES).read_to_vec()?;
    let keys = Keys::of(&serde_json::from_slice::<JwkSet>(&body)?);
    if keys.is_empty() { Err(FetchError::NoKeys) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_machine() {
        for url in [
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1b2c3d4e",
            "http://127.0.0.1:9000",
            "http://localhost",
        ] {
            assert!(url.parse::<IssuerUrl>().is_ok(), "{url}");
        }
        for url in
            ["http://issuer.example.org", "http://127.0.0.1.example.org", "ftp://x", "issuer", "", "https://"]
        {
            assert!(url.parse::<IssuerUrl>().is_err(), "{url}");
        }
    }
}
