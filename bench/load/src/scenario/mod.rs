//! What is measured. Each scenario has a server of its own, freshly started on a database with nothing but accounts.
//!
//! | file | what it holds |
//! |---|---|
//! | [`idle`] | what sockets cost that only stay open |
//! | [`deliveries`] | how late events are when there are many |
//! | [`reconnects`] | whether anything is missed when sockets come and go |
//! | [`acknowledgement`] | how long a write takes until it is on the disk and answered |
//! | [`bounded`], [`attack`] | what others notice of a slow reader, a flood, and connections that never begin |
//! | [`figure`] | what comes out |

mod acknowledgement;
mod attack;
mod bounded;
mod deliveries;
pub mod figure;
mod idle;
mod reconnects;

use std::fmt;

use clap::ValueEnum;

use self::figure::Figure;
use crate::{
    accounts::{Account, Accounts},
    error::Error,
    server::Server,
};

/// Ten sockets each make the ten thousand, and some accounts stay apart.
pub const USERS: usize = 1100;
/// As many as the contract allows.
const SOCKETS_A_USER: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Scenario {
    Idle,
    Deliveries,
    Reconnects,
    Acknowledgement,
    Bounded,
}

/// What all scenarios have.
pub struct Bench {
    accounts: &'static [Account],
}

impl Bench {
    pub fn new(accounts: &Accounts) -> Self {
        Self { accounts: accounts.all }
    }

    /// So many accounts, from the first on.
    fn users(&self, count: usize) -> &'static [Account] {
        self.accounts.get(..count).unwrap_or(self.accounts)
    }

    /// So many accounts, from the last on backwards.
    fn strangers(&self, count: usize) -> &'static [Account] {
        self.accounts.get(self.accounts.len().saturating_sub(count)..).unwrap_or(self.accounts)
    }
}

impl Scenario {
    pub const ALL: [Self; 5] =
        [Self::Idle, Self::Deliveries, Self::Reconnects, Self::Acknowledgement, Self::Bounded];

    /// Memory hardly varies; latencies do.
    pub fn rounds(self, asked: usize) -> usize {
        match self {
            Self::Idle | Self::Bounded => 1,
            Self::Deliveries | Self::Reconnects | Self::Acknowledgement => asked,
        }
    }

    pub async fn run(self, bench: &Bench, server: &Server) -> Result<Vec<Figure>, Error> {
        match self {
            Self::Idle => idle::run(bench, server).await,
            Self::Deliveries => deliveries::run(bench, server).await,
            Self::Reconnects => reconnects::run(bench, server).await,
            Self::Acknowledgement => acknowledgement::run(bench, server).await,
            Self::Bounded => bounded::run(bench, server).await,
        }
    }
}

/// As a heading says it.
impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "10,000 idle sockets",
            Self::Deliveries => "20,000 deliveries a second",
            Self::Reconnects => "1,000 reconnects a second",
            Self::Acknowledgement => "1,000 writes a second",
            Self::Bounded => "Under attack",
        })
    }
}
