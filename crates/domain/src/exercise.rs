//! The fields of an exercise log.

use latido_protocol::{
    event::{Change, Event},
    exercise::ExerciseLog,
    time::Timestamp,
    values::{Activity, Calories, Intensity, Kilometres, Minutes, Notes},
};

use crate::{
    fields::{Fields, number, text},
    record_kind::{RecordKind, Stamp},
};

impl RecordKind for ExerciseLog {
    const AT: &'static str = "loggedAt";

    fn build(fields: &mut Fields, stamp: &Stamp<Self>) -> Option<Self> {
        let logged_at = stamp.read_at(fields);
        let activity = fields.required("activity", text(Activity::new));
        let duration_min = fields.required("durationMin", number(Minutes::new));
        let intensity = fields.required("intensity", text(Intensity::parse));
        let calories_burned = fields.optional("caloriesBurned", number(Calories::new));
        let distance_km = fields.optional("distanceKm", number(Kilometres::new));
        let notes = fields.optional("notes", text(Notes::new));
        let source = stamp.read_source(fields);
        Some(Self {
            id: stamp.id.clone(),
            logged_at: logged_at?,
            activity: activity?,
            duration_min: duration_min?,
            intensity: intensity?,
            calories_burned: calories_burned?,
            distance_km: distance_km?,
            notes: notes?,
            source: source?,
            created_at: stamp.created_at,
            updated_at: stamp.updated_at,
            version: stamp.version,
        })
    }

    fn stamp(&self, now: Timestamp) -> Stamp<Self> {
        Stamp {
            id: self.id.clone(),
            now,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            at: self.logged_at,
            source: self.source,
        }
    }

    fn renew(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }

    fn event(change: Change<Self>) -> Event {
        Event::Exercise(change)
    }
}
