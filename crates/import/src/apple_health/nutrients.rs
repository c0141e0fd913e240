//! Foods: every nutrient is a sample of its own. Those of a food stand together in a correlation, and the
//! export says each of them once more by itself. Some programs write them by themselves only; then
//! those make a food that one source has written for one instant under one name.
//!
//! Two equal foods are two if they are two entries of the program that wrote them: by their id there and by when
//! they were written. An entry that the export repeats is one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use latido_protocol::time::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    element::{Correlation, Food, Sample},
    rows::{SampleResult, row},
    xml::number,
};
use crate::{
    duplicates::DuplicateCounter,
    event::ReadEvent,
    local_time::{self, Zone},
    meal,
    row::{Identity, RowKind},
    units,
};

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
    /// The instants at which a correlation of this source has given foods, and their names.
    together: BTreeMap<(Timestamp, u32), BTreeSet<String>>,
    alone: BTreeMap<(Timestamp, u32, String), FoodTotals>,
    /// The entries that correlations stand for.
    entries: HashSet<[u8; 32]>,
    duplicates: DuplicateCounter,
}

#[derive(Default)]
struct FoodTotals {
    line: u64,
    meal: Option<String>,
    /// Whether the program has said what the food is.
    is_named: bool,
    kcal: f64,
    protein_g: f64,
    carbs_g: f64,
    fat_g: f64,
}

/// A nutrient of a correlation.
pub type FoodSample<'a> = (&'a Sample, Nutrient, Timestamp, u32);

impl FoodTotals {
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

    fn found(&self, name: &str, at: Timestamp, zone: &Zone) -> ReadEvent {
        let hour = zone.local(at).map_or_else(local_time::noon, jiff::civil::DateTime::time);
        let meal = self.meal.as_deref().and_then(meal::from_name).unwrap_or_else(|| meal::usual_at(hour));
        row(
            self.line,
            RowKind::Foods,
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
        parts: &[FoodSample],
        zone: &Zone,
    ) -> Result<Option<ReadEvent>, String> {
        let Some((first, _, at, source)) = parts.first() else { return Ok(None) };
        let food = if correlation.food.name.is_some() { &correlation.food } else { &first.food };
        let name = name(food, &first.source);
        if self.together.len() < MAX_FOODS || self.together.contains_key(&(*at, *source)) {
            self.together.entry((*at, *source)).or_default().insert(name.to_owned());
        }
        let mut eaten = FoodTotals { line: correlation.line, ..FoodTotals::default() };
        for (sample, nutrient, _, _) in parts {
            eaten.add(sample, *nutrient)?;
        }
        eaten.meal = correlation.food.meal.clone().or_else(|| first.food.meal.clone());
        let found = eaten.found(name, *at, zone);
        let id = correlation.food.entry.as_ref().or(first.food.entry.as_ref());
        let entry = Sha256::digest(
            format!(
                "{source} {at} {id:?} {} {name} {} {} {} {}",
                correlation.created, eaten.kcal, eaten.protein_g, eaten.carbs_g, eaten.fat_g
            )
            .as_bytes(),
        );
        if self.entries.len() < MAX_FOODS && !self.entries.insert(entry.into()) {
            return Ok(None);
        }
        Ok(Some(self.duplicates.with_ordinal(found)))
    }

    /// A sample that stands alone.
    pub fn add(&mut self, sample: &Sample, nutrient: Nutrient, at: Timestamp, source: u32) -> SampleResult {
        let key = (at, source, name(&sample.food, &sample.source).to_owned());
        if self.alone.len() >= MAX_FOODS && !self.alone.contains_key(&key) {
            return Err("is one food too many to be held in memory".into());
        }
        let eaten = self.alone.entry(key).or_default();
        if eaten.line == 0 {
            eaten.line = sample.line;
            eaten.is_named = sample.food.name.is_some();
        }
        if eaten.meal.is_none() {
            eaten.meal.clone_from(&sample.food.meal);
        }
        Ok(eaten.add(sample, nutrient)?)
    }

    pub fn finish(self, zone: &Zone) -> impl Iterator<Item = ReadEvent> {
        let together = self.together;
        self.alone
            .into_iter()
            .filter(move |((at, source, name), eaten)| {
                // What a correlation says once more by itself; another food of the same instant is its own.
                let names = together.get(&(*at, *source));
                names.is_none_or(|names| eaten.is_named && !names.contains(name))
            })
            .map(|((at, _, name), eaten)| eaten.found(&name, at, zone))
    }
}
