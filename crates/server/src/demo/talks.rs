//! What is talked about: Lucía with the assistant and with her coach, somebody close to her, and a visitor
//! of the web page. Like her days, the talks are the same whenever they are looked at; only what has not
//! been said yet today is missing.

use latido_protocol::{
    conversation::{
        Address,
        Author::{self, Bot, Coach, Contact},
        Channel, ContactName,
        MessageStatus::{self, Delivered, Failed, Read, Sent},
        MessageText,
    },
    delivery::{DeliveryEvent, DeliveryId, DeliveryKind, DeliveryStatus},
    time::Timestamp,
};

use super::DemoError;
use crate::{
    domain::{
        account::Account,
        contact::{self, NewContact},
        message::{self, StoredMessage},
    },
    store::Write,
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1440 * MINUTE_MS;

/// How many days ago, the hour and the minute; who; how far it has come; what.
type Line = (i64, i64, i64, Author, MessageStatus, &'static str);

struct Talk {
    name: &'static str,
    channel: Channel,
    address: &'static str,
    lines: &'static [Line],
}

const TALKS: &[Talk] = &[
    Talk {
        name: "Lucía Demo",
        channel: Channel::WhatsApp,
        address: "+34600000001",
        lines: &[
            (3, 6, 31, Contact, Read, "Buenos días. He desayunado avena con leche y plátano."),
            (3, 6, 31, Bot, Read, "¡Buenos días, Lucía! Apuntado: avena con leche y plátano, 380 kcal."),
            (3, 18, 4, Contact, Read, "Hoy me he saltado la merienda y llego con mucha hambre a la cena."),
            (
                3,
                18,
                26,
                Coach,
                Read,
                "Es normal. Empieza por algo caliente, una crema de calabacín, y verás cómo baja el hambre.",
            ),
            (3, 20, 12, Contact, Read, "Tenías razón, con la crema y el huevo me ha bastado 😊"),
            (2, 5, 55, Contact, Read, "Peso de hoy: 68,9"),
            (2, 5, 55, Bot, Read, "Anotado: 68,9 kg. Vas 1,6 kg por debajo del mes pasado."),
            (1, 17, 58, Contact, Read, "He corrido 5,2 km en 32 minutos."),
            (1, 17, 58, Bot, Read, "¡Bien! Correr, 32 min, 330 kcal. Ya está en tu registro."),
            (1, 19, 20, Coach, Read, "Buen ritmo, Lucía. Mañana descansa las piernas: yoga o un paseo."),
            (1, 19, 47, Contact, Read, "Hecho, mañana yoga."),
            (0, 6, 40, Contact, Read, "Tostada con tomate y aceite, y un café con leche."),
            (0, 6, 40, Bot, Delivered, "Apuntado: tostada con tomate y aceite de oliva, 290 kcal."),
            (0, 7, 15, Coach, Sent, "Recuerda beber agua durante la mañana."),
            (0, 7, 32, Contact, Delivered, "¡Ya voy por el segundo vaso!"),
            (0, 7, 33, Contact, Delivered, "¿Puedo cambiar la merienda por unas almendras?"),
        ],
    },
    Talk {
        name: "Andrés Demo",
        channel: Channel::WhatsApp,
        address: "+34600000002",
        lines: &[
            (
                4,
                19,
                2,
                Contact,
                Read,
                "Hola, soy Andrés, el marido de Lucía. ¿Qué le preparo de cena que encaje?",
            ),
            (
                4,
                19,
                15,
                Coach,
                Read,
                "Hola, Andrés. Merluza al horno con patatas va perfecta, con poco aceite.",
            ),
            (4, 20, 40, Contact, Read, "Éxito total. Gracias."),
            (1, 9, 5, Coach, Failed, "El sábado hay caminata por la sierra, ¿os apuntáis los dos?"),
            (1, 9, 30, Coach, Delivered, "Te lo envío otra vez: caminata el sábado a las 10. ¿Os apuntáis?"),
        ],
    },
    Talk {
        name: "Visita de la web",
        channel: Channel::Web,
        address: "web-4821",
        lines: &[
            (6, 11, 8, Contact, Read, "¿Se puede usar con un reloj que ya tengo?"),
            (6, 11, 21, Coach, Read, "Sí, si cuenta pasos y pulso. Escríbenos el modelo y te decimos cómo."),
            (5, 16, 44, Contact, Read, "Perfecto, muchas gracias."),
        ],
    },
];

pub fn fill(write: &mut Write, person: &Account, now: Timestamp) -> Result<(), DemoError> {
    let (year, month, day) = now.utc_date();
    let midnight = Timestamp::from_utc_date(year, month, day);
    for talk in TALKS {
        let new = NewContact {
            name: ContactName::new(talk.name)?,
            channel: talk.channel,
            address: Address::new(talk.address)?,
        };
        let first = midnight.plus_ms(-7 * DAY_MS);
        let mut contact = contact::create(write, person, new, first)?;
        for (place, line) in talk.lines.iter().enumerate() {
            let (ago, hour, minute, author, status, text) = *line;
            // Answers of the same minute come a few seconds later.
            let seconds = i64::try_from(place % 2).unwrap_or(0) * 4;
            let at = midnight.plus_ms((hour * 60 + minute) * MINUTE_MS - ago * DAY_MS + seconds * 1000);
            if at > now {
                break;
            }
            let message = message::new(&contact, author, MessageText::new(text)?, status, at);
            let provider_id = (author != Coach).then(|| format!("demo-{}-{place}", talk.address));
            message::keep(write, &mut contact, &StoredMessage { message, provider_id })?;
            if author == Coach {
                deliver(write, person, status, at, place)?;
            }
        }
    }
    Ok(())
}

/// What became of a message that was sent.
fn deliver(
    write: &mut Write,
    person: &Account,
    message: MessageStatus,
    at: Timestamp,
    place: usize,
) -> Result<(), DemoError> {
    // The first attempt arrives in a fraction of a second; what failed was tried for an hour.
    let (status, took) = match message {
        Failed => (DeliveryStatus::Failed, 3_620_000),
        _ => (DeliveryStatus::Delivered, 180 + i64::try_from(place).unwrap_or(0) * 97 % 640),
    };
    let event = DeliveryEvent {
        id: DeliveryId::new(uuid::Uuid::now_v7().to_string()),
        kind: DeliveryKind::Message,
        status,
        delivery_latency_ms: (status == DeliveryStatus::Delivered).then(|| took.unsigned_abs()),
        created_at: at,
        updated_at: at.plus_ms(took),
    };
    Ok(crate::domain::delivery::keep(write, &person.id, &event)?)
}
