//! What this page says.

use latido_protocol::values::Language;

use crate::i18n::Locale;

pub struct Strings {
    pub title: &'static str,
}

pub fn strings(locale: Locale) -> &'static Strings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: Strings = Strings { title: "Mensajes" };

static EN: Strings = Strings { title: "Messages" };
