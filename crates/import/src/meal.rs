//! Meals: by the names that other programs give them, and by the hours at which they are usual.

use jiff::civil::Time;
use latido_protocol::values::Meal;

/// The meal that a word means, in English or Spanish.
pub fn from_name(word: &str) -> Option<Meal> {
    match word.trim().to_lowercase().as_str() {
        "breakfast" | "desayuno" => Some(Meal::Breakfast),
        "lunch" | "almuerzo" | "comida" => Some(Meal::Lunch),
        "dinner" | "supper" | "cena" => Some(Meal::Dinner),
        "snack" | "snacks" | "merienda" | "tentempié" | "tentempiés" | "aperitivos" => Some(Meal::Snack),
        _ => None,
    }
}

/// The meal that is usual at this hour.
pub fn usual_at(hour: Time) -> Meal {
    match hour.hour() {
        5..=10 => Meal::Breakfast,
        12..=15 => Meal::Lunch,
        19..=23 => Meal::Dinner,
        _ => Meal::Snack,
    }
}

/// The hour at which a meal is usual, for one of which only the day is known.
pub fn usual_time(meal: Meal) -> Time {
    match meal {
        Meal::Breakfast => Time::constant(8, 0, 0, 0),
        Meal::Lunch => Time::constant(14, 0, 0, 0),
        Meal::Snack => Time::constant(17, 30, 0, 0),
        Meal::Dinner => Time::constant(21, 0, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_hour_of_a_meal_is_an_hour_of_that_meal() {
        for meal in Meal::ALL {
            assert_eq!(usual_at(usual_time(*meal)), *meal);
        }
    }

    #[test]
    fn meals_go_by_their_names() {
        assert_eq!(from_name(" Snacks "), Some(Meal::Snack));
        assert_eq!(from_name("Cena"), Some(Meal::Dinner));
        assert_eq!(from_name("Post-Workout"), None);
    }
}
