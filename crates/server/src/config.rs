//! What can be set, from the command line or the environment, and the limits that follow from the
//! contract.

use std::{net::IpAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{ArgAction, Args};
use latido_domain::account::TenantId;

use crate::{
    auth::{
        issuer::{IssuerSettings, IssuerUrl},
        password::Cost,
    },
    links::settings::{LinkArgs, LinkSettings},
    ops::settings::Operations,
    webhook::WebhookArgs,
};

/// How `latido-server serve` is to serve.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// The address to listen on. Loopback unless something in front of it speaks TLS
    #[arg(long, env = "LATIDO_HOST", default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// The port to listen on; 0 takes any free one
    #[arg(long, env = "LATIDO_PORT", default_value_t = 8787)]
    pub port: u16,

    /// Where the database and the signing key are kept; created if missing
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,

    /// The built dashboard
    #[arg(long, env = "LATIDO_DIST", default_value = "dist", value_name = "DIR")]
    pub dist: PathBuf,

    /// Create the demo account with thirty days of data, if there is no account yet
    #[arg(long, env = "LATIDO_DEMO")]
    pub demo: bool,

    /// Another origin whose pages may use this server, such as <https://app.example.org>; repeatable
    #[arg(long = "origin", env = "LATIDO_ORIGIN", value_delimiter = ',', value_name = "URL")]
    pub origins: Vec<String>,

    /// How long an access token lasts
    #[arg(long, env = "LATIDO_ACCESS_TOKEN_SECONDS", default_value_t = 3600, value_name = "SECONDS",
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub access_token_seconds: u32,

    /// Whether a socket may be opened with `?token=`, besides by ticket
    #[arg(long, env = "LATIDO_QUERY_TOKEN", default_value_t = true, action = ArgAction::Set,
          num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub query_token: bool,

    /// TLS ends in front of this server: cookies become Secure, browsers are told to stay with https
    #[arg(long, env = "LATIDO_BEHIND_TLS")]
    pub behind_tls: bool,

    /// Another issuer whose access tokens are good here, such as a Cognito user pool: the `iss` of its tokens
    #[arg(long, env = "LATIDO_ISSUER", value_name = "URL", requires = "issuer_client")]
    pub issuer: Option<IssuerUrl>,

    /// The app client that the issuer makes the tokens for
    #[arg(long, env = "LATIDO_ISSUER_CLIENT", value_name = "ID", requires = "issuer",
          value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub issuer_client: Option<String>,

    /// The tenant of the people who come from there
    #[arg(long, env = "LATIDO_ISSUER_TENANT", value_name = "TENANT", default_value = "guests",
          value_parser = TenantId::parse)]
    pub issuer_tenant: TenantId,

    #[command(flatten)]
    pub webhooks: WebhookArgs,

    /// How many messages a client may send over a socket in a window
    #[arg(long, env = "WEBSOCKET_MAX_MESSAGES_PER_MINUTE", default_value = "60", value_name = "COUNT")]
    pub websocket_max_messages_per_minute: NonZeroUsize,

    /// How long that window is, in milliseconds
    #[arg(long, env = "WEBSOCKET_RATE_LIMIT_WINDOW", default_value_t = 60_000, value_name = "MS",
          value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub websocket_rate_limit_window: u64,

    #[command(flatten)]
    pub operations: Operations,

    #[command(flatten)]
    pub links: LinkArgs,
}

/// Everything the server has to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    pub data: PathBuf,
    pub dist: PathBuf,
    pub demo: bool,
    /// Without a slash at the end, as browsers send them.
    pub origins: Vec<String>,
    pub access_token_seconds: u32,
    pub query_token: bool,
    /// Everybody comes over TLS, whether it ends here or in front.
    pub behind_tls: bool,
    pub issuer: Option<IssuerSettings>,
    pub operations: Operations,
    pub links: LinkSettings,
    pub password_cost: Cost,
    pub webhooks: WebhookArgs,
    pub limits: Limits,
}

impl From<&ServeArgs> for Settings {
    fn from(args: &ServeArgs) -> Self {
        Self {
            data: args.data.clone(),
            dist: args.dist.clone(),
            demo: args.demo,
            origins: args.origins.iter().map(|origin| origin.trim_end_matches('/').to_lowercase()).collect(),
            access_token_seconds: args.access_token_seconds,
            query_token: args.query_token,
            issuer: args.issuer.clone().zip(args.issuer_client.clone()).map(|(url, client)| IssuerSettings {
                url,
                client,
                tenant: args.issuer_tenant.clone(),
            }),
            behind_tls: args.behind_tls || args.operations.speaks_tls(),
            operations: args.operations.clone(),
            links: LinkSettings::from(&args.links),
            password_cost: Cost::default(),
            webhooks: args.webhooks.clone(),
            limits: Limits {
                messages: args.websocket_max_messages_per_minute.get(),
                window: Duration::from_millis(args.websocket_rate_limit_window),
                ..Limits::default()
            },
        }
    }
}

/// What one socket may do. The defaults are those of the contract, section 2.5.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one message of a client.
    pub message_bytes: usize,
    /// Messages of a client in a [`Self::window`].
    pub messages: usize,
    pub window: Duration,
    /// Pings and hellos in a window that do not count as messages.
    pub free_messages: usize,
    /// A client says hello within this time.
    pub hello_within: Duration,
    /// Events that may wait for one socket.
    pub queue_length: usize,
    pub sockets_per_user: usize,
    /// Who missed more events than this fetches everything.
    pub replay: u64,
    /// A socket that has been silent for this long is pinged, ...
    pub ping_after: Duration,
    /// ... and one that stays silent for this long is gone.
    pub gone_after: Duration,
    /// Conversations that one socket may have open.
    pub rooms_per_socket: usize,
    /// Typing that is not renewed for this long has stopped.
    pub typing_within: Duration,
    /// A frame that cannot be handed to the network in this time means that nobody is there.
    pub write_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 32 * 1024,
            messages: 60,
            window: Duration::from_mins(1),
            free_messages: 12,
            hello_within: Duration::from_secs(10),
            queue_length: 256,
            sockets_per_user: 10,
            replay: 300,
            ping_after: Duration::from_mins(1),
            gone_after: Duration::from_secs(150),
            rooms_per_socket: 32,
            typing_within: Duration::from_secs(10),
            write_within: Duration::from_secs(30),
        }
    }
}
