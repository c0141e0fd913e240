//! Foods: every nutrient is a sample of its own. Those of a food stand together in a correlation, and the
//! export says each of them once more by itself. Some programs write them by themselves only; then
//! those make a food that one source has written for one instant under one name.

use std::collections::{BTreeMap, BTreeSet};

use latido_protocol::time::Timestamp;

use super::{
    Read,
    element::{Correlation, Food, Sample, number},
    row, units,
};
use crate::import::{Collection, Found, Identity, Zone, civil, meal};

/// How many foods are held: twenty a day for thirteen years.
const MAX_FOODS: usize = 100_000;
/// The longest name that a food can have; a longer one is cut.
const NAME: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nutrient {
    Energy,
    Protein,
    Carbohydrates,
    Fat,
}

#[derive(Default)]
pub struct Nutrients {
    /// The instants at which a correlation of this source has given a food.
    together: BTreeSet<(Timestamp, u32)>,
    alone: BTreeMap<(Timestamp, u32, String), Eaten>,
}

#[derive(Default)]
struct Eaten {
    line: u64,
    meal: Option<String>,
    kcal: f64,
    protein_g: f64,
    carbs_g: f64,
    fat_g: f64,
}

/// A nutrient of a correlation.
pub type Part<'a> = (&'a Sample, Nutrient, Timestamp, u32);

impl Eaten {
    fn add(&mut self, sample: &Sample, nutrient: Nutrient) -> Result<(), String> {
        let value = number(&sample.value, "value")?;
        let (sum, more) = match nutrient {
            Nutrient::Energy => (&mut self.kcal, units::kcal(value, &sample.unit)?),
            Nutrient::Protein => (&mut self.protein_g, units::grams(value, &sample.unit)?),
            Nutrient::Carbohydrates => (&mut self.carbs_g, units::grams(value, &sample.unit)?),
            Nutrient::Fat => (&mut self.fat_g, units::grams(value, &sample.unit)?),
        };
        *sum += more;
        Ok(())
    }

    fn found(&self, name: &str, at: Timestamp, zone: &Zone) -> Found {
        let hour = zone.local(at).map_or_else(civil::noon, jiff::civil::DateTime::time);
        let meal = self.meal.as_deref().and_then(meal::named).unwrap_or_else(|| meal::at(hour));
        row(
            self.line,
            Collection::Foods,
            [
                ("loggedAt", Some(at.to_string().into())),
                ("meal", Some(meal.as_str().into())),
                ("name", Some(name.chars().take(NAME).collect::<String>().into())),
                ("calories", Some(units::rounded(self.kcal, 1).into())),
                ("proteinG", Some(units::rounded(self.protein_g, 2).into())),
                ("carbsG", Some(units::rounded(self.carbs_g, 2).into())),
                ("fatG", Some(units::rounded(self.fat_g, 2).into())),
            ],
            Identity::Content(0),
        )
    }
}

/// What a food goes by: its name or, where none is said, the program that wrote it.
fn name<'a>(food: &'a Food, source: &'a str) -> &'a str {
    let named = food.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    named.unwrap_or(if source.trim().is_empty() { "Apple Health" } else { source })
}

impl Nutrients {
    /// The nutrients of a correlation; nothing where it has none that is kept.
    pub fn together(
        &mut self,
        correlation: &Correlation,
        parts: &[Part],
        zone: &Zone,
    ) -> Result<Option<Found>, String> {
        let Some((first, _, at, source)) = parts.first() else { return Ok(None) };
        if self.together.len() < MAX_FOODS {
            self.together.insert((*at, *source));
        }
        let mut eaten = Eaten { line: correlation.line, ..Eaten::default() };
        for (sample, nutrient, _, _) in parts {
            eaten.add(sample, *nutrient)?;
        }
        let food = if correlation.food.name.is_some() { &correlation.food } else { &first.food };
        eaten.meal = correlation.food.meal.clone().or_else(|| first.food.meal.clone());
        Ok(Some(eaten.found(name(food, &first.source), *at, zone)))
    }

    /// A sample that stands alone.
    pub fn add(&mut self, sample: &Sample, nutrient: Nutrient, at: Timestamp, source: u32) -> Read {
        let key = (at, source, name(&sample.food, &sample.source).to_owned());
        if self.alone.len() >= MAX_FOODS && !self.alone.contains_key(&key) {
            return Err("is one food too many to be held in memory".into());
        }
        let eaten = self.alone.entry(key).or_default();
        if eaten.line == 0 {
            eaten.line = sample.line;
        }
        if eaten.meal.is_none() {
            eaten.meal.clone_from(&sample.food.meal);
        }
        Ok(eaten.add(sample, nutrient)?)
    }

    pub fn finish(self, zone: &Zone) -> impl Iterator<Item = Found> {
        let together = self.together;
        self.alone
            .into_iter()
            .filter(move |((at, source, _), _)| !together.contains(&(*at, *source)))
            .map(|((at, _, name), eaten)| eaten.found(&name, at, zone))
    }
}
