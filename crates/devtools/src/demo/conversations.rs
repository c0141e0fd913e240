//! Conversations of the demo: Lucía with the assistant and with her coach, her husband, and a visitor of the web page.
//! Like her days they are the same whenever they are looked at; messages that are ahead of now are missing.

use latido_protocol::{
    conversation::{
        Author::{self, Bot, Coach, Contact},
        Channel,
        MessageStatus::{self, Delivered, Failed, Read, Sent},
    },
    time::Timestamp,
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1440 * MINUTE_MS;

/// A message: how many days ago, hour and minute in UTC, author, status, text.
type Line = (i64, i64, i64, Author, MessageStatus, &'static str);

/// A conversation of the demo.
pub struct Conversation {
    pub name: &'static str,
    pub channel: Channel,
    pub address: &'static str,
    lines: &'static [Line],
}

pub const CONVERSATIONS: &[Conversation] = &[
    Conversation {
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
    Conversation {
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
            (1, 9, 5, Coach, Failed, "El sábado hay caminata por la sierra, ¿vienen los dos?"),
            (
                1,
                9,
                30,
                Coach,
                Delivered,
                "Te lo envío otra vez: caminata el sábado a las 10. ¿Vienen los dos?",
            ),
        ],
    },
    Conversation {
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

/// A message of a conversation.
pub struct Message {
    /// Its place in the conversation, from 0.
    pub place: usize,
    pub author: Author,
    pub status: MessageStatus,
    pub text: &'static str,
    pub at: Timestamp,
}

impl Conversation {
    /// The messages up to now, oldest first.
    pub fn messages(&self, now: Timestamp) -> impl Iterator<Item = Message> {
        let midnight = midnight(now);
        let messages = self.lines.iter().enumerate().map(move |(place, line)| {
            let (_, _, _, author, status, text) = *line;
            Message { place, author, status, text, at: moment(midnight, place, line) }
        });
        messages.take_while(move |message| message.at <= now)
    }
}

/// When the conversations began.
pub fn began(now: Timestamp) -> Timestamp {
    midnight(now).plus_ms(-7 * DAY_MS)
}

fn midnight(now: Timestamp) -> Timestamp {
    let (year, month, day) = now.utc_date();
    Timestamp::from_utc_date(year, month, day)
}

/// When the message at this place was written. Of two in the same minute, the later one is some seconds later.
fn moment(midnight: Timestamp, place: usize, (ago, hour, minute, ..): &Line) -> Timestamp {
    let seconds = i64::try_from(place).unwrap_or(0);
    midnight.plus_ms((hour * 60 + minute) * MINUTE_MS - ago * DAY_MS + seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_comes_before_its_question() {
        for conversation in CONVERSATIONS {
            let moments = conversation.lines.iter().enumerate();
            let moments: Vec<_> =
                moments.map(|(place, line)| moment(Timestamp::EPOCH, place, line)).collect();
            assert!(moments.is_sorted_by(|one, next| one < next), "{}: {moments:?}", conversation.name);
        }
    }
}
