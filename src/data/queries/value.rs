//! Single values: the health profile.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_cache::{Collection, FetchMark, profile::PROFILE_ID};
use latido_protocol::{
    event::Family,
    profile::{self, HealthProfile, HealthProfileOne},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    FetchStatus, Polling, Queries,
    entry::CachedQuery,
    record::{AnyRecord, DataChange},
};
use crate::{api::error::ApiError, browser::clock};

impl Queries {
    /// The user's own profile, or that of a person they follow. `None` until the first response.
    pub fn profile(&self, person: Option<&str>) -> ArcRwSignal<Option<HealthProfile>> {
        self.profile_with_status(person).0
    }

    pub fn profile_with_status(
        &self,
        person: Option<&str>,
    ) -> (ArcRwSignal<Option<HealthProfile>>, ArcRwSignal<FetchStatus>) {
        let mut path = profile::PATH.to_owned();
        if let Some(person) = person {
            path.push_str("?person=");
            path.push_str(person);
        }
        let (query, fetch_status) = self.observe(path, Family::Profile, Polling::LISTS, || ProfileQuery {
            is_ones_own: person.is_none(),
            shown: ArcRwSignal::default(),
            profile: RefCell::new(Collection::new((), 1)),
            mark: Cell::default(),
        });
        (query.shown.clone(), fetch_status)
    }
}

/// The answer to a request for the profile, or to a write.
pub fn read_profile(body: &str) -> Result<HealthProfile, ApiError> {
    let one: HealthProfileOne = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
    Ok(one.health_profile)
}

struct ProfileQuery {
    /// Events bring only one's own.
    is_ones_own: bool,
    shown: ArcRwSignal<Option<HealthProfile>>,
    profile: RefCell<Collection<HealthProfile>>,
    /// The start of the fetch under way.
    mark: Cell<Option<FetchMark>>,
}

impl CachedQuery for ProfileQuery {
    fn begin(&self) {
        self.mark.set(Some(self.profile.borrow_mut().begin_fetch(clock::wall())));
    }

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let answer = read_profile(body)?;
        if let Some(mark) = self.mark.take() {
            self.profile.borrow_mut().apply_response(mark, vec![answer]);
        }
        Ok(None)
    }

    fn commit(&self, _: bool) {
        self.show();
    }

    fn put(&self, change: &DataChange, settles_at: Timestamp) -> bool {
        let DataChange::Profile(profile) = change else { return false };
        self.is_ones_own && self.profile.borrow_mut().put_until(profile.clone(), settles_at)
    }

    fn find(&self, _: &str) -> Option<AnyRecord> {
        None
    }

    fn mark_stale(&self) {
        self.profile.borrow_mut().mark_stale();
    }

    fn takes_events(&self) -> bool {
        self.is_ones_own
    }

    fn matches_last_response(&self) -> bool {
        self.profile.borrow().matches_last_response()
    }

    fn show(&self) {
        let held = self.profile.borrow().get(PROFILE_ID).cloned();
        if self.shown.with_untracked(|shown| *shown != held) {
            self.shown.set(held);
        }
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
