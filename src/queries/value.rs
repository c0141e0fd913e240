//! Single values: the health profile.

use std::{any::Any, rc::Rc};

use latido_protocol::{
    event::Family,
    profile::{self, HealthProfile, HealthProfileOne},
};
use leptos::prelude::*;

use super::{Queries, entry::Target};
use crate::api::error::ApiError;

impl Queries {
    /// `None` until the first answer.
    pub fn profile(&self) -> ArcRwSignal<Option<HealthProfile>> {
        let (target, _) = self.observe(profile::PATH.to_owned(), Family::Profile, ProfileTarget::default);
        target.0.clone()
    }
}

#[derive(Default)]
struct ProfileTarget(ArcRwSignal<Option<HealthProfile>>);

impl Target for ProfileTarget {
    fn begin(&self) {}

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let one: HealthProfileOne = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
        let profile = Some(one.health_profile);
        if self.0.with_untracked(|shown| *shown != profile) {
            self.0.set(profile);
        }
        Ok(None)
    }

    fn commit(&self) {}

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
