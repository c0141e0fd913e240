//! Strings of a lazy view that failed to load.

use latido_protocol::values::Language;

use crate::i18n::Locale;

pub struct LazyStrings {
    pub not_loaded: &'static str,
    pub what_to_do: &'static str,
    pub reload: &'static str,
}

pub fn strings(locale: Locale) -> &'static LazyStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: LazyStrings = LazyStrings {
    not_loaded: "No se pudo cargar esta parte de Latido.",
    what_to_do: "Lo que has anotado está guardado. Reintenta cuando tengas conexión; si la tienes, \
                 recarga la página: puede que haya una versión nueva.",
    reload: "Recargar",
};

static EN: LazyStrings = LazyStrings {
    not_loaded: "This part of Latido could not be loaded.",
    what_to_do: "What you have logged is kept. Try again when you are online; if you are, reload the page: \
                 there may be a new version.",
    reload: "Reload",
};
