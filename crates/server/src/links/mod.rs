//! Managed connections: the server's own links to device sources, and the devices behind them.
//!
//! ```text
//!  source ◄──wire──► task ──► link (machine, fleet, journal) ──changes──► records ──commit──► hub
//!            dial      │                                                     (status, devices, log, events)
//!                      └── connector: Shelly, generic
//! ```
//!
//! A link that stands is trusted: nothing is polled and nothing times a device out. A link that goes down
//! takes its devices offline at once, in the transaction that says so; one that comes up waits for real
//! messages before it says that anything is online.
//!
//! | file | what it holds |
//! |---|---|
//! | [`machine`] | whether a link stands and what is done about it, without I/O |
//! | [`registry`] | the devices of a link, and when they have to be written |
//! | [`link_log`] | the rows of its log that have not been written |
//! | [`link`] | the three of them put together |
//! | [`connector`] | what a device source is to a link: a language |
//! | [`shelly`], [`generic`] | the two languages there are |
//! | [`address`], [`lookup`], [`dial`], [`wire`], [`throttle`] | where links may lead, and the sockets to there |
//! | [`task`], [`supervisor`] | a task for each link, and what keeps them going |
//! | [`draft`] | the body that adds a link |
//! | [`settings`] | what can be set |

pub mod address;
pub mod connector;
pub mod dial;
pub mod draft;
pub mod generic;
pub mod link;
pub mod link_log;
pub mod lookup;
pub mod machine;
pub mod registry;
pub mod settings;
pub mod shelly;
pub mod supervisor;
pub mod task;
pub mod throttle;
pub mod wire;

pub use supervisor::Links;
