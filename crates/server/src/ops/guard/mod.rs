//! How often, and how many at once. Everything is counted by who asks, so that one who asks too much
//! is slowed down and nobody else, and in bounded memory, so that the counting is not itself the attack.
//!
//! | file | what it holds |
//! |---|---|
//! | [`rate`] | so many a minute, by any key |
//! | [`sign_in`] | wrong passwords, by address and by account |
//! | [`census`] | so many at once, by network |
//! | [`requests`] | the limits on requests, as layers of the router |

pub mod census;
pub mod rate;
pub mod requests;
pub mod sign_in;

use latido_protocol::session::UserId;

use self::{census::Census, rate::Rate, sign_in::SignIns};
use super::{client::Network, settings::Operations};

/// Who may still ask. One a server.
pub struct Guard {
    pub requests_by_network: Rate<Network>,
    pub requests_by_user: Rate<UserId>,
    pub sign_ins: SignIns,
    pub sockets: Census,
}

impl Guard {
    pub fn new(settings: &Operations) -> Self {
        Self {
            requests_by_network: Rate::per_minute(settings.requests_per_address),
            requests_by_user: Rate::per_minute(settings.requests_per_user),
            sign_ins: SignIns::new(settings.sign_in_failures),
            sockets: Census::new(settings.max_connections, settings.max_sockets_per_address),
        }
    }
}
