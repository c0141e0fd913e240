//! The server's answers to the families' queries, page by page.

use latido_protocol::{
    conversation::{Conversations, Messages},
    delivery::DeliveryPage,
    device::DeviceList,
    link::{ConnectionList, ConnectionLogPage},
    profile::HealthProfileOne,
    session::People,
};
use serde::Serialize;

use super::{What, truth::Truth};

/// Entities of one page of those that come in pages.
const PAGE: usize = 3;

impl Truth {
    /// The body of the answer: of the first page, or of the one that a cursor leads to.
    pub fn body(&self, what: What, cursor: Option<&str>) -> String {
        match what {
            What::Profile => {
                json(&self.profile.clone().map(|health_profile| HealthProfileOne { health_profile }))
            }
            What::People => json(&People { people: self.people() }),
            What::Devices => json(&DeviceList { devices: self.devices() }),
            What::Links => json(&ConnectionList { connections: self.links() }),
            What::Log => {
                let place =
                    |row: &latido_protocol::link::ConnectionLog| place(row.created_at, row.id.as_str());
                let (logs, next_cursor) = page(self.log(), place, cursor);
                json(&ConnectionLogPage { logs, next_cursor })
            }
            What::Deliveries => {
                let place =
                    |one: &latido_protocol::delivery::DeliveryEvent| place(one.created_at, one.id.as_str());
                let (events, next_cursor) = page(self.deliveries(), place, cursor);
                json(&DeliveryPage { events, next_cursor })
            }
            What::Sums => json(&self.sums()),
            What::Inbox => {
                // Contacts of one time stand in the order of their ids, others in the opposite order of theirs.
                let place = |one: &latido_protocol::conversation::Conversation| {
                    let id: String = one.contact_id.as_str().chars().map(opposite).collect();
                    place(one.updated_at, &id)
                };
                let (conversations, next_cursor) = page(self.conversations(), place, cursor);
                json(&Conversations { conversations, next_cursor })
            }
            What::Thread => {
                let place =
                    |one: &latido_protocol::conversation::Message| place(one.created_at, one.id.as_str());
                let (messages, next_cursor) = page(self.messages(), place, cursor);
                json(&Messages { messages, next_cursor })
            }
        }
    }
}

fn json<T: Serialize>(body: &T) -> String {
    serde_json::to_string(body).expect("a body")
}

/// A text that sorts as the list does, upside down.
fn place(at: latido_protocol::time::Timestamp, id: &str) -> String {
    format!("{:015} {id}", at.unix_ms())
}

fn opposite(letter: char) -> char {
    char::from(b'~' - (letter as u8).min(b'~') + b' ')
}

/// The entities behind a cursor, and the next one. A cursor is the place of the last entity before.
fn page<T>(sorted: Vec<T>, place: impl Fn(&T) -> String, cursor: Option<&str>) -> (Vec<T>, Option<String>) {
    let mut behind: Vec<T> =
        sorted.into_iter().filter(|one| cursor.is_none_or(|cursor| place(one).as_str() < cursor)).collect();
    let has_more = behind.len() > PAGE;
    behind.truncate(PAGE);
    let next = behind.last().filter(|_| has_more).map(place);
    (behind, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dice::Dice, families::held::Held};

    #[test]
    fn every_page_can_be_read() {
        let mut truth = Truth::default();
        let now = crate::record::at(0);
        truth.begin(&mut Dice::seeded(7), now);
        for what in What::ALL {
            let mut held = Held::new(what);
            let mark = held.begin_fetch(now);
            let body = truth.body(what, None);
            assert!(held.first_page(mark, &body, true), "{what:?}: {body}");
            while let Some(asked) = held.cursor().map(str::to_owned) {
                let mark = held.begin_fetch(now);
                assert!(held.next_page(mark, &asked, &truth.body(what, Some(&asked))));
            }
            assert_eq!(held.rows(), Some(truth.rows(what)), "{what:?}");
        }
    }
}
