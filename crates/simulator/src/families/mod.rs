//! The families beside health records, as the dashboard holds them and as the server has them.
//!
//! With `--families` half of the runs watch some of them; without it a run is as it was before there were any. Their models are those of the dashboard; what differs between them is said in
//! [`held`] and [`truth`], and nothing of it in the page.
//!
//! | file | idea |
//! |---|---|
//! | [`held`] | the models behind one interface |
//! | [`truth`], [`pages`], [`change`] | what the server holds, answers, and how it changes |
//! | [`watched`], [`fetches`] | queries, fetched as lists are |
//! | [`habits`] | what the user does with them |
//! | [`checks`] | what must hold |

pub mod change;
pub mod checks;
pub mod fetches;
pub mod habits;
pub mod held;
pub mod pages;
pub mod truth;
pub mod watched;

use latido_protocol::{conversation::ContactId, event::Family};

/// A query of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Profile,
    People,
    Devices,
    Links,
    Log,
    Deliveries,
    Sums,
    Inbox,
    /// Of the first contact.
    Thread,
}

/// The contact whose thread is open.
pub fn first_contact() -> ContactId {
    ContactId::new("c0001")
}

impl What {
    pub const ALL: [Self; 9] = [
        Self::Profile,
        Self::People,
        Self::Devices,
        Self::Links,
        Self::Log,
        Self::Deliveries,
        Self::Sums,
        Self::Inbox,
        Self::Thread,
    ];

    pub fn family(self) -> Family {
        match self {
            Self::Profile => Family::Profile,
            Self::People => Family::Person,
            Self::Devices => Family::Device,
            Self::Links | Self::Log => Family::Link,
            Self::Deliveries | Self::Sums => Family::Delivery,
            Self::Inbox | Self::Thread => Family::Message,
        }
    }

    /// Changes of which no event tells are polled for, also while events tell of others. Milliseconds; people in a
    /// third of the dashboard's time, so that a run sees it.
    pub fn polled_while_live(self) -> Option<i64> {
        match self {
            Self::Links => Some(15_000),
            Self::People => Some(100_000),
            Self::Profile
            | Self::Devices
            | Self::Log
            | Self::Deliveries
            | Self::Sums
            | Self::Inbox
            | Self::Thread => None,
        }
    }
}
