//! What the overview says beside what is everywhere.

use latido_protocol::values::Language;

use super::Locale;

pub struct Strings {
    pub added: &'static str,
    pub changed: &'static str,
    pub person: &'static str,
    pub myself: &'static str,
    pub viewing: fn(name: &str) -> String,
    pub back_to_me: &'static str,
    pub this_week: &'static str,
    pub in_a_week: fn(by: &str) -> String,
}

pub fn strings(locale: Locale) -> &'static Strings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: Strings = Strings {
    added: "Añadido",
    changed: "Cambiado",
    person: "Persona",
    myself: "Yo",
    viewing: |name| format!("Ves los datos de {name}. Solo esa persona puede cambiarlos."),
    back_to_me: "Volver a lo mío",
    this_week: "Los últimos siete días",
    in_a_week: |by| format!("{by} en una semana"),
};

static EN: Strings = Strings {
    added: "Added",
    changed: "Changed",
    person: "Person",
    myself: "Myself",
    viewing: |name| format!("You see the data of {name}. Only they can change it."),
    back_to_me: "Back to mine",
    this_week: "The last seven days",
    in_a_week: |by| format!("{by} in a week"),
};
