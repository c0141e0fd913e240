//! The people whom a coach follows. No event brings one: `personUpdated` says that something of theirs has changed.

use latido_protocol::{
    event::Event,
    session::{People, User},
};

use crate::{
    collection::Entity,
    model::{Change, Listed},
};

impl Entity for User {
    /// By name, as the server lists them.
    type SortKey = (String, String);
    type Revision = ();
    type Scope = ();
    type Draft = ();

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn sort_key(&self) -> Self::SortKey {
        (self.name.as_str().to_owned(), self.id.as_str().to_owned())
    }

    fn revision(&self) {}

    fn is_in(&self, (): &()) -> bool {
        true
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

impl Listed for User {
    type Page = People;

    fn read(page: People) -> (Vec<Self>, Option<String>) {
        (page.people, None)
    }

    fn change(_: &Event) -> Option<Change<Self>> {
        None
    }
}
