//! Writing the profile. It is written whole, and only over the version it was made from: what another client has saved
//! since is fetched first.

use latido_protocol::{
    event::Event,
    profile::{HealthProfile, HealthProfileDraft, PATH},
};

use crate::{
    api::{Api, Call, Method, error::ApiError, json},
    data::queries::{Queries, profile::read_profile},
};

/// The number of conflicts in a row after which an error is shown.
pub const ATTEMPTS: usize = 3;

#[derive(Clone)]
pub struct Saving {
    pub api: Api,
    pub queries: Queries,
}

impl Saving {
    /// Writes over a version, and shows what was saved.
    pub async fn write(
        &self,
        draft: &HealthProfileDraft,
        over: &HealthProfile,
    ) -> Result<HealthProfile, ApiError> {
        let body = json(draft)?;
        // A backend that counts no versions takes what comes last.
        let version = Some(over.version).filter(|version| *version > 0);
        let call = Call { path: PATH, version, ..Call::with(Method::Put, &body) };
        read_profile(&self.api.send(call).await?.body)
    }

    pub async fn read(&self) -> Result<HealthProfile, ApiError> {
        read_profile(&self.api.send(Call::get(PATH)).await?.body)
    }

    /// What is known to be saved now, for every page that shows it.
    pub fn show(&self, saved: &HealthProfile) {
        self.queries.apply_event(&Event::Profile(saved.clone()));
    }

    /// Changes one field of the newest profile. Other clients' changes stay.
    pub async fn change(
        &self,
        mut newest: HealthProfile,
        change: &dyn Fn(&mut HealthProfileDraft),
    ) -> Result<(), ApiError> {
        for attempt in 1.. {
            let mut draft = HealthProfileDraft::from(newest.clone());
            change(&mut draft);
            match self.write(&draft, &newest).await {
                Ok(saved) => {
                    self.show(&saved);
                    break;
                }
                Err(error) if is_overtaken(&error) && attempt < ATTEMPTS => newest = self.read().await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Another client has saved since.
pub fn is_overtaken(error: &ApiError) -> bool {
    matches!(error, ApiError::Refused(problem) if problem.status == 412)
}
