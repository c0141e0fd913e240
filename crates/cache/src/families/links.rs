//! Device links, newest first.

use std::cmp::Reverse;

use latido_protocol::{
    event::Event,
    link::{ConnectionList, ManagedConnection},
    time::Timestamp,
};

use crate::{
    collection::Entity,
    model::{Change, Listed},
};

impl Entity for ManagedConnection {
    type SortKey = Reverse<(Timestamp, String)>;
    /// The time of its last change.
    type Revision = Timestamp;
    type Scope = ();
    type Draft = ();

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn sort_key(&self) -> Self::SortKey {
        Reverse((self.created_at, self.id.as_str().to_owned()))
    }

    fn revision(&self) -> Timestamp {
        self.updated_at
    }

    fn is_in(&self, (): &()) -> bool {
        true
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

impl Listed for ManagedConnection {
    type Page = ConnectionList;

    fn read(page: ConnectionList) -> (Vec<Self>, Option<String>) {
        (page.connections, None)
    }

    fn change(event: &Event) -> Option<Change<Self>> {
        event.read("connection_update").map(Change::Put)
    }
}

#[cfg(test)]
mod tests;
