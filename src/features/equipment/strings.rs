//! Strings of this page.

use latido_protocol::values::Language;

use super::switch_failure::SwitchFailure;
use crate::i18n::Locale;

pub struct EquipmentStrings {
    pub title: &'static str,
    pub online: &'static str,
    pub offline: &'static str,
    /// Of a device of which only something old is known.
    pub unknown: &'static str,
    /// How many of how many are online.
    pub online_of: fn(online: &str, all: &str) -> String,
    pub power_in_all: fn(watts: &str) -> String,
    pub seen: fn(ago: &str) -> String,
    pub on: &'static str,
    pub off: &'static str,
    pub switching_on: &'static str,
    pub switching_off: &'static str,
    pub power: &'static str,
    pub voltage: &'static str,
    pub temperature: &'static str,
    pub last_values: &'static str,
    pub relay_of: fn(device: &str) -> String,
    pub appointment_only: &'static str,
    pub appointment_only_of: fn(device: &str) -> String,
    pub only_coaches_switch: &'static str,
    pub nothing_here: &'static str,
    pub add_a_connection: &'static str,
    pub ask_an_admin: &'static str,
    pub to_connections: &'static str,
    pub dismiss: &'static str,
    pub not_switched_on: &'static str,
    pub not_switched_off: &'static str,
    pub mode_not_changed: &'static str,
    pub unsure: &'static str,
    pub trouble: fn(SwitchFailure) -> &'static str,
}

pub fn strings(locale: Locale) -> &'static EquipmentStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: EquipmentStrings = EquipmentStrings {
    title: "Dispositivos",
    online: "En línea",
    offline: "Sin conexión",
    unknown: "Ahora no se sabe",
    online_of: |online, all| format!("{online} de {all} en línea"),
    power_in_all: |watts| format!("{watts} W en total"),
    seen: |ago| format!("visto {ago}"),
    on: "Encendido",
    off: "Apagado",
    switching_on: "Encendiendo…",
    switching_off: "Apagando…",
    power: "Potencia",
    voltage: "Tensión",
    temperature: "Temperatura",
    last_values: "Últimos valores conocidos. Se podrá accionar cuando vuelva.",
    relay_of: |device| format!("Encender {device}"),
    appointment_only: "Solo con cita",
    appointment_only_of: |device| format!("{device}: solo con cita"),
    only_coaches_switch: "Puedes ver los dispositivos; los accionan quienes acompañan o administran.",
    nothing_here: "Todavía no hay dispositivos",
    add_a_connection: "Añade la conexión de un Shelly o de otra fuente: sus dispositivos aparecerán aquí solos.",
    ask_an_admin: "Aparecerán aquí en cuanto alguien que administre añada su conexión.",
    to_connections: "Ir a Conexiones",
    dismiss: "Entendido",
    not_switched_on: "No se ha podido encender.",
    not_switched_off: "No se ha podido apagar.",
    mode_not_changed: "No se ha podido cambiar el modo.",
    unsure: "No se sabe si ha cambiado.",
    trouble: |trouble| match trouble {
        SwitchFailure::Unreachable => {
            "No hay conexión con el servidor. Ves lo último que se supo; inténtalo de nuevo cuando vuelva."
        }
        SwitchFailure::Unsure => "No llegó respuesta a tiempo. Mira su estado antes de repetir.",
        SwitchFailure::SignedOut => "Se cerró tu sesión. Entra de nuevo para continuar.",
        SwitchFailure::NotAllowed => "No tienes permiso; sigue como estaba. Pídelo a quien administre.",
        SwitchFailure::Gone => "Este dispositivo ya no existe. No se ha tocado nada.",
        SwitchFailure::OutOfReach => {
            "El dispositivo no está al alcance, así que sigue como estaba. Prueba cuando vuelva."
        }
        SwitchFailure::Busy => {
            "Ya esperan demasiadas órdenes; sigue como estaba. Prueba dentro de un momento."
        }
        SwitchFailure::Refused => {
            "El dispositivo lo rechazó o se perdió su conexión. Ves lo último que dijo; míralo antes de repetir."
        }
    },
};

static EN: EquipmentStrings = EquipmentStrings {
    title: "Devices",
    online: "Online",
    offline: "Offline",
    unknown: "Not known right now",
    online_of: |online, all| format!("{online} of {all} online"),
    power_in_all: |watts| format!("{watts} W total"),
    seen: |ago| format!("seen {ago}"),
    on: "On",
    off: "Off",
    switching_on: "Switching on…",
    switching_off: "Switching off…",
    power: "Power",
    voltage: "Voltage",
    temperature: "Temperature",
    last_values: "Last known values. It can be switched again when it is back.",
    relay_of: |device| format!("Switch {device} on"),
    appointment_only: "Appointments only",
    appointment_only_of: |device| format!("{device}: appointments only"),
    only_coaches_switch: "You can see the devices; coaches and admins switch them.",
    nothing_here: "No devices yet",
    add_a_connection: "Add the connection of a Shelly or of another source: its devices appear here by themselves.",
    ask_an_admin: "They appear here as soon as an admin has added their connection.",
    to_connections: "Go to connections",
    dismiss: "Got it",
    not_switched_on: "It could not be switched on.",
    not_switched_off: "It could not be switched off.",
    mode_not_changed: "The mode could not be changed.",
    unsure: "It may have changed or not.",
    trouble: |trouble| match trouble {
        SwitchFailure::Unreachable => {
            "The server cannot be reached. This is the last that was heard; try again when you are connected."
        }
        SwitchFailure::Unsure => "No answer came in time. Look at its state before trying again.",
        SwitchFailure::SignedOut => "You have been signed out. Sign in again to go on.",
        SwitchFailure::NotAllowed => "You don't have permission; it is as it was. Ask an admin.",
        SwitchFailure::Gone => "This device is gone. Nothing was switched.",
        SwitchFailure::OutOfReach => {
            "The device is out of reach, so it is as it was. Try again when it is back."
        }
        SwitchFailure::Busy => {
            "Too many commands are waiting already; it is as it was. Try again in a moment."
        }
        SwitchFailure::Refused => {
            "The device refused, or its connection was lost. This is the last it said; look before trying again."
        }
    },
};
