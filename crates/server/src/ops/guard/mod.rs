//! How often, and how many at once. Everything is counted by who asks, so that one who asks too much
//! is slowed down and nobody else, and in bounded memory, so that the counting is not itself the attack.
//!
//! | file | what it holds |
//! |---|---|
//! | [`rate`] | so many a minute, by any key |
//! | [`login`] | wrong passwords, by address and by account |
//! | [`connections`] | so many at once, by network |
//! | [`in_flight`] | so many requests at once, by user |

pub mod connections;
pub mod in_flight;
pub mod login;
pub mod rate;

use std::time::Duration;

use latido_protocol::session::UserId;

use self::{
    connections::ConnectionLimit,
    in_flight::{AtOnce, InFlight},
    login::LoginThrottle,
    rate::RateLimiter,
};
use super::{client::Network, settings::Operations};

/// Requests of one user that are under way, and that wait to be. A browser has six at once.
const OF_USER: AtOnce = AtOnce { under_way: 8, waiting: 64, wait: Duration::from_secs(10) };

/// Who may still ask. One a server.
pub struct RateLimits {
    pub requests_by_network: RateLimiter<Network>,
    pub requests_by_user: RateLimiter<UserId>,
    pub in_flight: InFlight<UserId>,
    /// Rows of imports: a request with two hundred of them costs the writer as much as two hundred requests.
    pub import_rows: RateLimiter<UserId>,
    pub logins: LoginThrottle,
    pub sockets: ConnectionLimit,
}

impl RateLimits {
    pub fn new(settings: &Operations) -> Self {
        Self {
            requests_by_network: RateLimiter::per_minute(settings.requests_per_address),
            requests_by_user: RateLimiter::per_minute(settings.requests_per_user),
            in_flight: InFlight::new(OF_USER),
            import_rows: RateLimiter::per_minute(settings.import_rows_per_user),
            logins: LoginThrottle::new(settings.sign_in_failures),
            sockets: ConnectionLimit::new(settings.max_connections, settings.max_sockets_per_address),
        }
    }
}
