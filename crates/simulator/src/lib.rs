//! Seeded random networks, servers, tabs and users against the real connection.
//!
//! A run is made of one seed. On a virtual clock the page (driver, provider and queries, simulated
//! as the dashboard has them) talks to a server over a network, and a schedule of faults happens to
//! all of them. Checks hold all along; then the faults end, and after some quiet the page has to
//! show what the database holds. A run that fails is run again with its story written down.
//!
//! | file | idea |
//! |---|---|
//! | [`world`], [`happening`] | a run: what there is, and one thing happening after another |
//! | [`action`], [`plan`], [`faults`], [`habits`], [`recovery`] | what goes wrong, how, and how it ends |
//! | [`network`] | sockets and requests under way |
//! | [`server`] | records, log, sessions; what it says |
//! | [`page`] | what the dashboard does with the connection |
//! | [`checks`] | what must hold all along |
//! | [`families`] | the families beside health records |
//! | [`ledger`] | what became of the user's writes |
//! | [`quiet`] | what must hold in the end |
//! | [`run`], [`story`], [`tally`] | runs, how one went, what happened over all |
//! | [`commit`], [`old_failures`] | which seeds run |
//! | [`storm`] | ten thousand clients cut off at once |
//! | [`mutations`], [`mutate`] | deliberate mistakes, and whether they are found |
#![allow(
    clippy::expect_used,
    reason = "values that are written here are valid; a run that is not is a bug here"
)]

pub mod action;
pub mod checks;
pub mod commit;
pub mod dice;
pub mod families;
pub mod faults;
pub mod habits;
pub mod happening;
pub mod ledger;
pub mod mutate;
pub mod mutations;
pub mod network;
pub mod old_failures;
pub mod page;
pub mod plan;
pub mod queue;
pub mod quiet;
pub mod record;
pub mod recovery;
pub mod run;
pub mod server;
pub mod storm;
pub mod story;
pub mod tally;
pub mod world;
