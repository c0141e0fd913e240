//! Strings about the app itself: no network, age of the data, a newer version.

use latido_protocol::values::Language;

pub struct ShellStrings {
    /// Followed by [`Self::data_from`].
    pub offline: &'static str,
    /// Followed by [`Self::data_from`].
    pub updating: &'static str,
    /// How long ago, in words.
    pub data_from: fn(&str) -> String,
    pub offline_without_data: &'static str,
    pub new_version: &'static str,
    pub reload: &'static str,
    pub finish_typing: &'static str,
}

static ES: ShellStrings = ShellStrings {
    offline: "Sin conexión:",
    updating: "Actualizando:",
    data_from: |ago| format!("datos de {ago}."),
    offline_without_data: "Sin conexión, y aquí no hay datos guardados. Lo que escribas se guarda y se envía cuando vuelva.",
    new_version: "Hay una versión nueva de Latido.",
    reload: "Recargar",
    finish_typing: "Antes de recargar, guarda o borra lo que estás escribiendo.",
};

static EN: ShellStrings = ShellStrings {
    offline: "No connection:",
    updating: "Updating:",
    data_from: |ago| format!("data from {ago}."),
    offline_without_data: "No connection, and no data is kept here. What you write is kept and sent when it is back.",
    new_version: "There is a new version of Latido.",
    reload: "Reload",
    finish_typing: "Save or clear what you are typing before you reload.",
};

pub fn of(language: Language) -> &'static ShellStrings {
    match language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}
