//! The health profile.

use latido_protocol::profile::{HealthProfile, HealthProfileDraft, HealthProfileOne};

use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic("Profile", "A person's data, goals and preferences.");
    let path = "/api/health-profile";
    api.get(
        path,
        operation("getHealthProfile", "The profile")
            .parameters(&["Person"])
            .answers_cached::<HealthProfileOne>("The profile.")
            .refuses(&[404]),
    );
    api.put(
        path,
        operation("putHealthProfile", "Write the profile whole")
            .about("What is left out is removed, but for the goals in grams, minutes and hours and the unit of glucose: \
                    those stay as they are, and `null` removes such a goal. `preferencesChosen` stays too, and becomes \
                    `true` where units, time zone or language change.")
            .parameters(&["IfMatch"])
            .takes::<HealthProfileDraft>()
            .answers_tagged::<HealthProfileOne>(200, "The profile as it is now.")
            .refuses(&[412]),
    );
    api.event::<HealthProfile>("healthProfileUpdated", "The profile was changed.");
}
