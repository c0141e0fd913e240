//! The health profile as a collection of one.
//!
//! What a response and an event may decide about it is what they may decide about any entity.

use latido_protocol::{
    event::Event,
    profile::{HealthProfile, HealthProfileOne},
};

use crate::{
    collection::Entity,
    item::Revision,
    model::{Change, Listed},
};

/// The id under which a collection holds the profile. A query is about one person, who has one.
pub const PROFILE_ID: &str = "profile";

impl Entity for HealthProfile {
    type SortKey = ();
    type Revision = Revision;
    type Scope = ();
    /// A profile is edited in its form, which sends it whole.
    type Draft = ();

    fn id(&self) -> &'static str {
        PROFILE_ID
    }

    fn sort_key(&self) {}

    fn revision(&self) -> Revision {
        Revision { version: self.version, updated_at: self.updated_at }
    }

    fn is_in(&self, (): &()) -> bool {
        true
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }
}

impl Listed for HealthProfile {
    type Page = HealthProfileOne;

    fn read(page: HealthProfileOne) -> (Vec<Self>, Option<String>) {
        (vec![page.health_profile], None)
    }

    fn change(event: &Event) -> Option<Change<Self>> {
        match event {
            Event::Profile(profile) => Some(Change::Put(profile.clone())),
            Event::Food(_) | Event::Exercise(_) | Event::Metric(_) | Event::Opaque(_) => None,
        }
    }
}
