//! Single values: the health profile.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_protocol::{
    event::Family,
    json::FromJson,
    profile::{self, HealthProfile},
};
use leptos::prelude::*;

use super::{
    Health, Polling, Queries,
    entry::Target,
    record::{AnyRecord, Change, parse_one},
};
use crate::api::error::ApiError;

impl Queries {
    /// One's own, or that of somebody one follows. `None` until the first answer.
    pub fn profile(&self, person: Option<&str>) -> ArcRwSignal<Option<HealthProfile>> {
        self.profile_and_health(person).0
    }

    pub fn profile_and_health(
        &self,
        person: Option<&str>,
    ) -> (ArcRwSignal<Option<HealthProfile>>, ArcRwSignal<Health>) {
        let mut path = profile::PATH.to_owned();
        if let Some(person) = person {
            path.push_str("?person=");
            path.push_str(person);
        }
        let (target, health) = self.observe(path, Family::Profile, Polling::LISTS, || ProfileTarget {
            is_ones_own: person.is_none(),
            ..ProfileTarget::default()
        });
        (target.shown.clone(), health)
    }
}

/// The answer to a request for the profile, or to a write.
pub fn read_profile(body: &str) -> Result<HealthProfile, ApiError> {
    parse_one(body, &mut HealthProfile::read)
}

#[derive(Default)]
struct ProfileTarget {
    /// Events bring only one's own.
    is_ones_own: bool,
    shown: ArcRwSignal<Option<HealthProfile>>,
    held: RefCell<Option<HealthProfile>>,
    doubted: Cell<bool>,
    agrees: Cell<bool>,
}

impl ProfileTarget {
    /// The newer one wins, wherever it comes from.
    fn take(&self, profile: HealthProfile) -> bool {
        let newer = |held: &HealthProfile| {
            (profile.version, profile.updated_at) > (held.version, held.updated_at) || self.doubted.get()
        };
        let changes = self.held.borrow().as_ref().is_none_or(newer);
        if changes {
            self.doubted.set(false);
            self.held.replace(Some(profile));
        }
        changes
    }
}

impl Target for ProfileTarget {
    fn begin(&self) {}

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let answer = read_profile(body)?;
        self.take(answer.clone());
        self.agrees.set(self.held.borrow().as_ref() == Some(&answer));
        Ok(None)
    }

    fn commit(&self, _: bool) {
        self.show();
    }

    fn put(&self, change: &Change) -> bool {
        let changes =
            self.is_ones_own && matches!(change, Change::Profile(profile) if self.take(profile.clone()));
        self.agrees.set(self.agrees.get() && !changes);
        changes
    }

    fn find(&self, _: &str) -> Option<AnyRecord> {
        None
    }

    fn doubt(&self) {
        self.doubted.set(true);
    }

    fn takes_events(&self) -> bool {
        self.is_ones_own
    }

    fn agrees(&self) -> bool {
        self.agrees.get()
    }

    fn show(&self) {
        let held = self.held.borrow().clone();
        if self.shown.with_untracked(|shown| *shown != held) {
            self.shown.set(held);
        }
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
