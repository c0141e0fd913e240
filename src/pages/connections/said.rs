//! What the bundled server says of its connections and of their addresses, in Spanish. It keeps its log in English; a
//! sentence that is not here, another backend's perhaps, is shown as it came.

use latido_protocol::values::Language;

use crate::i18n::Locale;

pub(crate) const SPANISH: [(&str, &str); 31] = [
    ("The connection was added.", "Se añadió la conexión."),
    ("The connection was removed.", "Se quitó la conexión."),
    ("The connection was established.", "Se estableció la conexión."),
    ("The connection was closed.", "Se cerró la conexión."),
    ("The connection was lost.", "Se perdió la conexión."),
    ("The connection could not be established.", "No se pudo establecer la conexión."),
    ("The connection broke.", "La conexión se rompió."),
    ("The link was started.", "Se inició la conexión."),
    ("The link was stopped.", "Se detuvo la conexión."),
    ("The link was restarted.", "Se reinició la conexión."),
    ("Reconnecting was switched on.", "Se activó la reconexión."),
    ("Reconnecting was switched off.", "Se desactivó la reconexión."),
    ("The source closed the connection.", "La fuente cerró la conexión."),
    ("The source could not be reached.", "No se pudo llegar a la fuente."),
    ("The source sent a message of more than 64 KiB.", "La fuente envió un mensaje de más de 64 KiB."),
    ("The source took no message.", "La fuente no aceptó ningún mensaje."),
    (
        "The source has more devices than are kept; the others are left out.",
        "La fuente tiene más equipos de los que se guardan; los demás quedan fuera.",
    ),
    (
        "The source broke off while the link was being established.",
        "La fuente cortó mientras se establecía la conexión.",
    ),
    (
        "The other side fell silent and did not answer a ping.",
        "El otro lado enmudeció y no contestó a un ping.",
    ),
    ("There was no answer within 10 seconds.", "No hubo respuesta en 10 segundos."),
    (
        "No encrypted connection came about; the source's certificate may not be valid.",
        "No se logró una conexión cifrada; quizá el certificado de la fuente no sea válido.",
    ),
    (
        "The name of the source could not be resolved.",
        "No se encontró la dirección que corresponde al nombre.",
    ),
    (
        "The address or the token of this link cannot be used.",
        "La dirección o el token de esta conexión no sirven.",
    ),
    (
        "What answered at this address does not speak WebSocket.",
        "Lo que contestó en esta dirección no habla WebSocket.",
    ),
    ("must be an address such as ws://192.168.1.20/rpc", "Escribe una dirección como ws://192.168.1.20/rpc"),
    (
        "must not contain a user or password; they have fields of their own",
        "Sin usuario ni contraseña: tienen su propio campo",
    ),
    ("must have at most 500 characters", "500 caracteres como mucho"),
    (
        "must not lead to this server itself or to its network's services; --link-network can allow it",
        "No puede llevar a este mismo servidor ni a los servicios de su red; quien lo administra puede permitirlo con --link-network",
    ),
    ("The device does not accept the password.", "El equipo no acepta la contraseña."),
    (
        "The device asks for a password in a way that is not known here.",
        "El equipo pide la contraseña de un modo que aquí no se conoce.",
    ),
    (
        "The device asks for a password, and none is kept for it.",
        "El equipo pide una contraseña y no hay ninguna guardada.",
    ),
];

static SPANISH_WITH_STATUS: [(&str, &str); 2] = [
    ("The source does not accept the token", "La fuente no acepta el token"),
    ("The source refused a WebSocket", "La fuente rechazó el WebSocket"),
];

/// A sentence of the server, as people read it.
pub fn said(locale: Locale, sentence: &str) -> String {
    let spanish = match locale.language {
        Language::Es => SPANISH.iter().find(|(english, _)| *english == sentence),
        Language::En => None,
    };
    // Some say at their end with which status.
    let (words, status) =
        sentence.split_once(" (status ").map_or((sentence, None), |(words, status)| (words, Some(status)));
    let with_status =
        SPANISH_WITH_STATUS.iter().find(|(english, _)| *english == words && locale.language == Language::Es);
    match (with_status, status) {
        (Some((_, spanish)), Some(status)) => format!("{spanish} (estado {status}"),
        _ => spanish.map_or(sentence, |(_, spanish)| spanish).to_owned(),
    }
}
