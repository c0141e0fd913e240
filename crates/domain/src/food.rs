//! The fields of a food log.

use latido_protocol::{
    event::{Change, Event},
    food::FoodLog,
    time::Timestamp,
    values::{Calories, FoodName, Grams, Meal, Notes},
};

use crate::{
    fields::{Fields, number, text},
    record_kind::{RecordKind, Stamp},
};

impl RecordKind for FoodLog {
    const AT: &'static str = "loggedAt";

    fn build(fields: &mut Fields, stamp: &Stamp<Self>) -> Option<Self> {
        let nothing = Grams::new(0.0).ok()?;
        let logged_at = stamp.read_at(fields);
        let meal = fields.required("meal", text(Meal::parse));
        let name = fields.required("name", text(FoodName::new));
        let calories = fields.required("calories", number(Calories::new));
        let protein_g = fields.or("proteinG", nothing, number(Grams::new));
        let carbs_g = fields.or("carbsG", nothing, number(Grams::new));
        let fat_g = fields.or("fatG", nothing, number(Grams::new));
        let notes = fields.optional("notes", text(Notes::new));
        let source = stamp.read_source(fields);
        Some(Self {
            id: stamp.id.clone(),
            logged_at: logged_at?,
            meal: meal?,
            name: name?,
            calories: calories?,
            protein_g: protein_g?,
            carbs_g: carbs_g?,
            fat_g: fat_g?,
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
        Event::Food(change)
    }
}
