//! What the charts of the pages are called.

use latido_protocol::values::Language;

use crate::i18n::Locale;

pub struct TrendsStrings {
    pub trends: &'static str,
    pub energy: &'static str,
    pub macros: &'static str,
    pub protein: &'static str,
    pub carbs: &'static str,
    pub fat: &'static str,
    pub movement: &'static str,
    pub which: &'static str,
}

pub fn strings(locale: Locale) -> &'static TrendsStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: TrendsStrings = TrendsStrings {
    trends: "Evolución",
    energy: "Energía",
    macros: "Macronutrientes",
    protein: "Proteínas",
    carbs: "Carbohidratos",
    fat: "Grasas",
    movement: "Minutos en movimiento",
    which: "Qué medida se dibuja",
};

static EN: TrendsStrings = TrendsStrings {
    trends: "Trends",
    energy: "Energy",
    macros: "Macronutrients",
    protein: "Protein",
    carbs: "Carbohydrates",
    fat: "Fat",
    movement: "Minutes of movement",
    which: "Which measurement is drawn",
};
