//! One file a family: what its entities are, and what answers and events do to them.
//!
//! | file | family | held as |
//! |---|---|---|
//! | [`profile`] | the health profile | a collection of one |
//! | [`people`] | those whom a coach follows | a list |
//! | [`devices`] | equipment | a list, with switches on their way |
//! | [`links`] | device links | a list |
//! | [`link_log`] | the log of device links | pages, with a pause |
//! | [`deliveries`] | what became of what was sent | pages, with news |
//! | [`inbox`] | conversations | pages, with news |
//! | [`thread`] | the messages of one conversation | pages, with messages on their way |
//! | [`only`] | sums and figures | a collection of one |
//!
//! Health records are a list with an outbox: [`crate::item`], [`crate::outbox`].

pub mod deliveries;
pub mod devices;
pub mod inbox;
pub mod link_log;
pub mod links;
pub mod only;
pub mod people;
pub mod profile;
pub mod thread;
