//! The health profile.

use std::{cell::RefCell, rc::Rc};

use latido_cache::{Collection, families::profile::PROFILE_ID};
use latido_protocol::{
    event::Family,
    profile::{self, HealthProfile, HealthProfileOne},
};
use leptos::prelude::*;

use super::{FetchStatus, Polling, Queries, query::TakesEvents};
use crate::api::error::ApiError;

/// A profile that is observed; `None` until the first response.
pub type Profile = ArcMemo<Option<HealthProfile>>;

impl Queries {
    /// The user's own profile, or that of a person they follow.
    pub fn profile(&self, person: Option<&str>) -> Profile {
        self.profile_with_status(person).0
    }

    pub fn profile_with_status(&self, person: Option<&str>) -> (Profile, ArcRwSignal<FetchStatus>) {
        let mut path = profile::PATH.to_owned();
        if let Some(person) = person {
            path.push_str("?person=");
            path.push_str(person);
        }
        let takes_events = if person.is_none() { TakesEvents::Yes } else { TakesEvents::No };
        let one = || Rc::new(RefCell::new(Collection::<HealthProfile>::new((), 1)));
        let query = self.query_of(&path, Family::Profile, Polling::LISTS, takes_events, one);
        let fetch_status = query.fetch_status.clone();
        (ArcMemo::new(move |_| query.get().get(PROFILE_ID).cloned()), fetch_status)
    }
}

/// The answer to a request for the profile, or to a write.
pub fn read_profile(body: &str) -> Result<HealthProfile, ApiError> {
    let one: HealthProfileOne = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
    Ok(one.health_profile)
}
