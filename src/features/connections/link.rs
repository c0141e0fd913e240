//! The device links that the page follows.

use latido_cache::Collection;
use latido_protocol::{
    event::Family,
    link::{LinkId, ManagedConnection},
};

use crate::data::queries::{POLL_MS, Polling, Queries, Query};

/// What changes without an event, such as traffic and the last contact, is polled while the page is open.
pub const FIGURES: Polling = Polling { while_live: Some(15_000), otherwise: POLL_MS };

/// A tenant's links come in one answer.
const MOST: usize = 10_000;

/// All links of the tenant, newest first.
pub type Links = Query<Collection<ManagedConnection>>;

/// Follows them for as long as the current owner lives.
pub fn follow(queries: &Queries) -> Links {
    queries.query("/websocket", Family::Link, FIGURES, || Collection::new((), MOST))
}

/// The name that its administrators gave a link. Tracked.
pub fn name_of(links: &Links, id: &LinkId) -> String {
    let links = links.get();
    links.get(id.as_str()).map(|link| link.reference_id.as_str().to_owned()).unwrap_or_default()
}
