//! The demo's data. It is made up, but not random: the same number of days ago always has the same records, so that
//! two people who look at the demo see the same person.
//!
//! | file | what it holds |
//! |---|---|
//! | [`menu`] | what Lucía eats and does |
//! | [`days`] | the records of her last thirty days |
//! | [`conversations`] | messages between her, the assistant, her coach and others |

pub mod conversations;
pub mod days;
mod menu;

/// The demo account's e-mail address.
pub const EMAIL: &str = "demo@latido.local";
/// The e-mail address of her coach, who has the same password.
pub const COACH_EMAIL: &str = "coach@latido.local";
pub const PASSWORD: &str = "latido-demo";
