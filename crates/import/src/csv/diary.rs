//! Diaries of food: a day, a meal and calories to a row. With a column for the food it is the diary of one of many
//! programs (Lose It!, Cronometer, …), without one MyFitnessPal's `Nutrition-Summary`, in which a row is a whole meal.
//!
//! Calories and nutrients are those of the row, whatever its quantity: that is how every program exports them. The
//! quantity becomes a note.

use latido_protocol::values::Meal;
use serde_json::Value;

use super::{
    dated_row::{DATE, NOTE, RowEvents, TIME, day_and_time, instant, row},
    table::{Cells, Column, Header},
};
use crate::{
    event::Options,
    meal,
    quantity::Quantity,
    row::{Identity, RowKind},
};

const MEAL: &[&str] = &["Meal", "Group", "Comida"];
const FOOD: &[&str] = &["Food", "Food Name", "Name", "Item", "Alimento", "Nombre"];
/// Those that nothing but a food has.
const FOOD_ONLY: &[&str] = &["Food", "Food Name", "Alimento"];
const QUANTITY: &[&str] = &["Quantity", "Amount", "Servings", "Cantidad"];
const SERVING: &[&str] = &["Units", "Unit", "Serving Size", "Unidad", "Unidades"];
const DELETED: &[&str] = &["Deleted", "Is Deleted"];
const ENERGY: Column = &[
    ("Calories", ""),
    ("Energy (kcal)", "kcal"),
    ("Calories (kcal)", "kcal"),
    ("kcal", "kcal"),
    ("Calorías", ""),
    ("Energy (kJ)", "kJ"),
    ("Kilojoules", "kJ"),
    ("kJ", "kJ"),
];
const PROTEIN: Column = &[("Protein (g)", "g"), ("Protein", "g"), ("Proteínas (g)", "g"), ("Proteínas", "g")];
const CARBS: Column = &[
    ("Carbohydrates (g)", "g"),
    ("Carbs (g)", "g"),
    ("Total Carbs (g)", "g"),
    ("Carbohydrates", "g"),
    ("Carbs", "g"),
    ("Carbohidratos (g)", "g"),
    ("Hidratos (g)", "g"),
];
const FAT: Column =
    &[("Fat (g)", "g"), ("Total Fat (g)", "g"), ("Fat", "g"), ("Grasas (g)", "g"), ("Grasa (g)", "g")];

/// Whether a row of this table is a food by its name. A day, a name and calories alone can be exercises as well.
pub fn has_foods(header: &Header) -> bool {
    let is_eaten = header.has_any(MEAL)
        || header.has_any(FOOD_ONLY)
        || [PROTEIN, CARBS, FAT].into_iter().any(|nutrient| header.has_column(nutrient));
    header.has_any(DATE) && header.has_any(FOOD) && header.has_column(ENERGY) && is_eaten
}

/// Whether a row of this table is a meal.
pub fn has_meals(header: &Header) -> bool {
    header.has_any(DATE) && header.has_any(MEAL) && header.has_column(ENERGY)
}

/// The food, or the meal, that a row says.
pub fn food(line: u64, header: &Header, cells: &Cells, options: &Options) -> RowEvents {
    let (day, hour) = day_and_time(cells)?;
    let meal_name = cells.text_of(MEAL);
    let food = cells.text_of(FOOD);
    let name = match (food, header.has_any(FOOD)) {
        (None, true) => return Err("the food has no name".to_owned()),
        (None, false) => meal_name.ok_or("Meal is required")?,
        (Some(food), _) => food,
    };
    let meal = meal_name.and_then(meal::from_name).or(hour.map(meal::usual_at)).unwrap_or(Meal::Snack);
    let at = instant(day, hour.unwrap_or_else(|| meal::usual_time(meal)), options)?;
    // A whole meal of a day grows until the day is over.
    let is_meal_of_day = food.is_none() && !header.has_any(TIME) && hour.is_none();
    let identity = if is_meal_of_day { Identity::Day(day.to_string()) } else { Identity::Content(0) };
    let nutrient = |column| cells.number(column, Quantity::Nutrient, None);
    Ok(vec![row(
        line,
        RowKind::Foods,
        &[
            ("loggedAt", Some(at)),
            ("meal", Some(meal.as_str().into())),
            ("name", Some(name.into())),
            ("calories", cells.number(ENERGY, Quantity::Energy, None)?),
            ("proteinG", nutrient(PROTEIN)?),
            ("carbsG", nutrient(CARBS)?),
            ("fatG", nutrient(FAT)?),
            ("notes", notes(cells).map(Value::from)),
        ],
        identity,
    )])
}

/// The quantity and the remark of a row: `1 Cup`, `× 2`.
fn notes(cells: &Cells) -> Option<String> {
    let quantity = match (cells.text_of(QUANTITY), cells.text_of(SERVING)) {
        (Some(quantity), Some(unit)) => Some(format!("{quantity} {unit}")),
        (Some(quantity), None) if quantity.contains(char::is_alphabetic) => Some(quantity.to_owned()),
        (Some(quantity), None) => Some(format!("× {quantity}")),
        (None, unit) => unit.map(str::to_owned),
    };
    let said: Vec<_> = quantity.into_iter().chain(cells.text_of(NOTE).map(str::to_owned)).collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

/// Whether a row is marked as deleted.
pub fn is_deleted(cells: &Cells) -> bool {
    cells.text_of(DELETED).is_some_and(is_true)
}

fn is_true(text: &str) -> bool {
    ["true", "yes", "1", "sí", "si", "x", "verdadero"].contains(&&*text.to_lowercase())
}
