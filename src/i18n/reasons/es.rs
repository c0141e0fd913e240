//! Español.

use latido_protocol::reason::Code;

pub fn sentence(code: Code) -> &'static str {
    match code {
        Code::WrongCredentials => {
            "El correo o la contraseña no son correctos. Revísalos e inténtalo de nuevo."
        }
        Code::TooManySignIns => {
            "Demasiados intentos de entrar. No se ha bloqueado nada: espera {wait} y vuelve a intentarlo."
        }
        Code::SignedOut => "Se cerró tu sesión. Entra de nuevo; lo guardado sigue ahí.",
        Code::SignInBusy => {
            "Hay demasiadas personas entrando a la vez. No se cambió nada: vuelve a intentarlo dentro de {wait}."
        }
        Code::WrongCurrentPassword => "La contraseña actual no es correcta. No se cambió nada.",
        Code::WrongPassword => "La contraseña no es correcta. No se borró nada.",
        Code::ForeignOrigin => {
            "Esta página no tiene permiso para usar este servidor. Lo puede dar quien lo administra."
        }
        Code::Forbidden => "No tienes permiso para esto. No se cambió nada.",
        Code::NotFound => "Ya no existe. No se cambió nada.",
        Code::NoSuchAddress | Code::MethodNotAllowed => {
            "El servidor no conoce esta función. Recarga la página por si hay una versión nueva."
        }
        Code::TooManyRequests => {
            "Demasiadas peticiones seguidas. No se hizo nada: inténtalo dentro de {wait}."
        }
        Code::TooManySockets => "Hay demasiadas conexiones abiertas desde tu red. Cierra alguna pestaña.",
        Code::BodyTooLarge => "Es demasiado grande y no se guardó. Divídelo en partes más pequeñas.",
        Code::BodyTooSlow => "No llegó completo a tiempo y no se guardó. Inténtalo de nuevo.",
        Code::TookTooLong => {
            "El servidor no llegó a tiempo. Puede que se haya guardado o no: míralo antes de intentarlo de nuevo."
        }
        Code::Unreadable => "El servidor no entendió lo que recibió. No se guardó nada.",
        Code::FieldsRefused => "Hay campos que no sirven ({count}). No se guardó nada.",
        Code::VersionDiffers => "Cambió mientras tanto. No se guardó nada: mira lo nuevo y vuelve a editar.",
        Code::KeyReused => "Ya se envió otra cosa con la misma clave. No se guardó nada: inténtalo de nuevo.",
        Code::UnderWay => "Todavía se está entregando y no se puede borrar. No se cambió nada.",
        Code::Overloaded => "El servidor está ocupado y no se guardó nada. Inténtalo dentro de un momento.",
        Code::Internal => "El servidor falló y no se guardó nada. Inténtalo de nuevo.",

        Code::Required => "Obligatorio",
        Code::TooLong => "Es demasiado largo",
        Code::TooShort => "Es demasiado corto",
        Code::OutOfRange | Code::NotPositive | Code::WrongType => "No es un valor válido",
        Code::NotOneOf => "Elige una de las opciones",
        Code::NotATime => "No es una fecha y hora",
        Code::NotWhole => "Un número entero, sin decimales",
        Code::NotBelowSystolic => "La diastólica tiene que ser menor que la sistólica",
        Code::TooEarly => "No antes del {first}",
        Code::TooFarAhead => "No puede ser dentro de más de {hours} horas",
        Code::BirthDate => "Escribe una fecha entre 1900 y hoy",
        Code::WrongUnit => "La unidad es {unit}",
        Code::BeforeFrom => "El final es anterior al principio",
        Code::NotAPhoneNumber => "No es un número de teléfono con el prefijo del país",
        Code::NumberUnproven => "Nadie ha comprobado aquí este número. Pide a tu equipo que lo añada",
        Code::AddressTaken => "Ya es de otra conversación",
        Code::NameTaken => "Otra conexión de este tipo ya se llama así",
        Code::TooManyLinks => "Ya hay {max} conexiones, que son todas las que caben",
        Code::LinkType => "Este servidor no tiene conexiones de este tipo",
        Code::LinkAddress => "Escribe una dirección como ws://192.168.1.20/rpc",
        Code::LinkAddressWithSecret => "Sin usuario ni contraseña: tienen su propio campo",
        Code::LinkOutOfReach => {
            "No puede llevar a este mismo servidor ni a los servicios de su red; quien lo administra puede permitirlo con --link-network"
        }
        Code::JsonPointer => "Escribe un puntero JSON como /status/power",

        Code::DeviceOffline => {
            "El dispositivo no está en línea, así que sigue como estaba. Inténtalo cuando vuelva."
        }
        Code::NoRelay => "Este dispositivo no tiene nada que encender.",
        Code::DeviceBusy => {
            "El dispositivo tiene demasiadas órdenes pendientes; sigue como estaba. Inténtalo dentro de un momento."
        }
        Code::DeviceTimedOut => "El dispositivo no contestó a tiempo. Mira su estado antes de repetir.",
        Code::DeviceLost => "Se perdió la conexión antes de que contestara. Mira su estado cuando vuelva.",
        Code::DeviceRefused => "El dispositivo no lo aceptó y sigue como estaba. Dice: {says}",

        Code::LinkAdded => "Se añadió la conexión.",
        Code::LinkRemoved => "Se quitó la conexión.",
        Code::LinkUp => "Se estableció la conexión.",
        Code::LinkDown => "Se cerró la conexión.",
        Code::LinkLost => "Se perdió la conexión.",
        Code::LinkNotUp => "No se pudo establecer la conexión.",
        Code::LinkStarted => "Se inició la conexión.",
        Code::LinkStopped => "Se detuvo la conexión.",
        Code::LinkRestarted => "Se reinició la conexión.",
        Code::ReconnectOn => "Se activó la reconexión automática.",
        Code::ReconnectOff => "Se desactivó la reconexión automática.",
        Code::SwitchedOn => "Se pidió encender {device}.",
        Code::SwitchedOff => "Se pidió apagar {device}.",
        Code::MessagesCame => "Mensajes recibidos: {count}.",
        Code::TooManyDevices => {
            "La fuente tiene más dispositivos de los que se guardan; los demás quedan fuera."
        }
        Code::LinkBegunAnew => "El servidor falló con esta conexión y la empieza de nuevo.",

        Code::SourceClosed => "La fuente cerró la conexión.",
        Code::SourceUnreachable => "No se pudo llegar a la fuente.",
        Code::SourceUnknown => "No se encontró la dirección que corresponde al nombre.",
        Code::SourceBroke => "La conexión se rompió.",
        Code::SourceBrokeOff => "La fuente cortó mientras se establecía la conexión.",
        Code::SourceSilent => "La fuente dejó de contestar.",
        Code::SourceTooLate => "No hubo respuesta en 10 segundos.",
        Code::MessageTooLarge => "La fuente envió un mensaje de más de 64 KiB.",
        Code::MessageNotTaken => "La fuente no aceptó ningún mensaje.",
        Code::NotEncrypted => {
            "No se logró una conexión cifrada; quizá el certificado de la fuente no sea válido."
        }
        Code::NoWebSocket => "Lo que contestó en esta dirección no habla WebSocket.",
        Code::SourceRefused => "La fuente rechazó el WebSocket (estado {status}).",
        Code::TokenRefused => "La fuente no acepta el token (estado {status}).",
        Code::LinkUnusable => "La dirección o el token de esta conexión no sirven.",
        Code::PasswordRefused => "El dispositivo no acepta la contraseña.",
        Code::PasswordMissing => "El dispositivo pide una contraseña y no hay ninguna guardada.",
        Code::PasswordUnknownWay => "El dispositivo pide la contraseña de un modo que aquí no se conoce.",
        Code::SourceUnready => "La fuente no contestó a tiempo a las primeras preguntas.",
        Code::StatusRefused => "El dispositivo no dijo su estado (error {error}).",
        Code::LockedOut => {
            "El dispositivo ha visto demasiadas contraseñas incorrectas y no acepta ninguna durante unos minutos. Se volverá a intentar solo."
        }
    }
}
