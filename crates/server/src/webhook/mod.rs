//! Webhooks: how messages come in from a provider such as `WhatsApp`, and go out to it.
//!
//! | file | what it holds |
//! |---|---|
//! | [`signature`], [`secret`] | who is believed |
//! | [`inbound`] | what a provider says |
//! | [`outbound`] | what a provider is told |
//! | [`typing`] | who is typing in which conversation |
//! | [`dispatcher`] | delivers it |
//! | [`push`], [`retry`] | one attempt, and when there is another |

pub mod dispatcher;
pub mod inbound;
pub mod outbound;
pub mod push;
pub mod retry;
pub mod secret;
pub mod signature;
pub mod typing;

use clap::Args;

/// How webhooks are set up.
#[derive(Args, Clone, Default)]
pub struct WebhookArgs {
    /// The secret that webhooks are signed with, both ways; several while one is being replaced, the newest
    /// first. One is made in the data directory if none is given
    #[arg(
        long = "webhook-secret",
        env = "LATIDO_WEBHOOK_SECRET",
        value_delimiter = ',',
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub secrets: Vec<String>,

    /// Where messages to contacts are posted; without it they wait to be fetched, as `latido-server chat` does
    #[arg(long = "outbound-webhook-url", env = "LATIDO_OUTBOUND_WEBHOOK_URL", value_name = "URL")]
    pub outbound_url: Option<String>,
}

/// Why webhooks cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error(transparent)]
    Secret(#[from] secret::SecretError),
    #[error("--outbound-webhook-url is not an address; it looks like https://provider.example.org/latido")]
    Url,
}

/// Without the secrets, and without the address, which may hold one.
impl std::fmt::Debug for WebhookArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookArgs")
            .field("secrets", &self.secrets.len())
            .field("outbound", &self.outbound_url.is_some())
            .finish()
    }
}
