//! How the families change, by others than the user.

use latido_protocol::{
    conversation::{
        Author, ContactId, ConversationEvent, Direction, Message, MessageId, MessageStatus, MessageText,
    },
    delivery::{DeliveryChange, DeliveryEvent, DeliveryId, DeliveryKind, DeliveryStatus},
    device::{Device, DeviceEvent, DeviceId},
    event::{Event, WireEvent},
    link::{ConnectionLog, LinkEvent, LinkStatus, ManagedConnection},
    profile::HealthProfile,
    session::User,
    time::Timestamp,
};

use super::{
    What, first_contact,
    truth::{Contact, Truth},
};
use crate::dice::Dice;

/// Entities of a kind beyond which none is added.
const MOST: usize = 9;

impl Truth {
    /// What there is when a run begins.
    pub fn begin(&mut self, dice: &mut Dice, now: Timestamp) {
        self.contacts = vec![Contact { id: first_contact(), created_at: now, needs_answer: false }];
        self.profile = Some(profile(1, now));
        for what in What::ALL {
            for _ in 0..dice.between(0, 5) {
                let _ = self.change(what, dice, now);
            }
        }
    }

    /// Changes something that a query is about, and says what events tell of it.
    pub fn change(&mut self, what: What, dice: &mut Dice, now: Timestamp) -> Vec<Event> {
        self.last_id += 1;
        match what {
            What::Profile => {
                let version = self.profile.as_ref().map_or(0, |profile| profile.version) + 1;
                let profile = profile(version, now);
                self.profile = Some(profile.clone());
                vec![Event::Profile(profile)]
            }
            What::People => {
                self.change_people(dice);
                Vec::new()
            }
            What::Devices => heard(&[&DeviceEvent::Updated(self.change_devices(dice, now))]),
            What::Links => self.change_links(dice, now),
            What::Log => {
                let row = log_row(self.last_id, now);
                self.log.push(row.clone());
                heard(&[&LinkEvent::Logged(Box::new(row))])
            }
            What::Deliveries | What::Sums => {
                let change = self.change_deliveries(dice, now);
                heard(&[&change, &DeliveryChange::Metrics(self.sums())])
            }
            What::Inbox | What::Thread => self.change_conversations(dice, now),
        }
    }

    fn change_people(&mut self, dice: &mut Dice) {
        if self.people.len() < MOST && dice.chance(60) {
            let name =
                format!("{{\"id\":\"u{}\",\"name\":\"P{}\",\"role\":\"user\"}}", self.last_id, dice.below(3));
            self.people.push(serde_json::from_str::<User>(&name).expect("a person"));
        } else if !self.people.is_empty() {
            self.people.remove(dice.below(self.people.len()));
        }
    }

    fn change_devices(&mut self, dice: &mut Dice, now: Timestamp) -> Device {
        if self.devices.is_empty() || self.devices.len() < MOST && dice.chance(20) {
            let device = Device {
                id: DeviceId::new(format!("d{}", self.last_id)),
                name: format!("Lamp {}", dice.below(3)),
                online: true,
                relay_on: dice.chance(50),
                current_power: 10.0,
                voltage: None,
                temperature: None,
                last_seen_at: now,
                appointment_only_mode: false,
            };
            self.devices.push(device.clone());
            return device;
        }
        let place = dice.below(self.devices.len());
        let device = &mut self.devices[place];
        match dice.below(4) {
            0 => device.name = format!("Lamp {}", dice.below(3)),
            1 => device.relay_on = device.online && !device.relay_on,
            2 => {
                device.online = !device.online;
                device.relay_on &= device.online;
            }
            _ => device.current_power = dice.between(0, 500) as f64,
        }
        device.touch(now);
        device.clone()
    }

    fn change_links(&mut self, dice: &mut Dice, now: Timestamp) -> Vec<Event> {
        if self.links.len() > 1 && dice.chance(15) {
            // Nothing tells of a removal.
            self.links.remove(dice.below(self.links.len()));
            return Vec::new();
        }
        let place = if self.links.is_empty() || self.links.len() < MOST && dice.chance(30) {
            self.links.push(link(self.last_id, now));
            self.links.len() - 1
        } else {
            dice.below(self.links.len())
        };
        let link = &mut self.links[place];
        link.status = dice.pick(LinkStatus::ALL);
        link.updated_at = later(link.updated_at, now);
        heard(&[&LinkEvent::Updated(Box::new(link.clone()))])
    }

    fn change_deliveries(&mut self, dice: &mut Dice, now: Timestamp) -> DeliveryChange {
        let pending: Vec<_> = (0..self.deliveries.len())
            .filter(|place| self.deliveries[*place].status == DeliveryStatus::Pending)
            .collect();
        match dice.below(5) {
            0 if !self.deliveries.is_empty() => {
                let gone = self.deliveries.remove(dice.below(self.deliveries.len()));
                DeliveryChange::Deleted(gone.id)
            }
            1 | 2 if !pending.is_empty() => {
                let delivery = &mut self.deliveries[dice.pick(&pending)];
                delivery.status = dice.pick(&[DeliveryStatus::Delivered, DeliveryStatus::Failed]);
                delivery.delivery_latency_ms =
                    (delivery.status == DeliveryStatus::Delivered).then(|| dice.between(1, 900) as u64);
                delivery.updated_at = later(delivery.updated_at, now);
                DeliveryChange::Updated(delivery.clone())
            }
            _ => {
                let delivery = DeliveryEvent {
                    id: DeliveryId::new(format!("e{}", self.last_id)),
                    kind: dice.pick(&[DeliveryKind::Message, DeliveryKind::ReadReceipt]),
                    status: DeliveryStatus::Pending,
                    delivery_latency_ms: None,
                    created_at: now,
                    updated_at: now,
                };
                self.deliveries.push(delivery.clone());
                DeliveryChange::Created(delivery)
            }
        }
    }

    fn change_conversations(&mut self, dice: &mut Dice, now: Timestamp) -> Vec<Event> {
        let contact = dice.below(self.contacts.len());
        let of_contact = |message: &Message| message.contact_id == self.contacts[contact].id;
        match dice.below(6) {
            0 if self.contacts.len() < MOST => {
                let id = ContactId::new(format!("c{:04}", self.last_id + 1));
                self.contacts.push(Contact { id, created_at: now, needs_answer: false });
                let message = self.hear(self.contacts.len() - 1, Author::Contact, "Hola", now);
                heard(&[&ConversationEvent::New(message)])
            }
            1 | 2 => {
                let climbs = |message: &&mut Message| {
                    message.direction == Direction::Outbound && message.status < MessageStatus::Read
                };
                let mut climbing: Vec<_> = self.messages.iter_mut().filter(climbs).collect();
                let place = dice.below(climbing.len());
                let Some(message) = climbing.get_mut(place) else { return Vec::new() };
                let higher = MessageStatus::ALL.iter().copied().filter(|rung| *rung > message.status);
                let higher: Vec<_> = higher.collect();
                message.status = dice.pick(&higher);
                let (contact, id) = (message.contact_id.clone(), message.id.clone());
                heard(&[&ConversationEvent::Status { contact, message: id, status: message.status }])
            }
            3 => {
                let newest = self
                    .messages
                    .iter()
                    .rev()
                    .find(|message| of_contact(message) && message.direction == Direction::Inbound);
                let Some(newest) = newest.map(|newest| newest.id.clone()) else { return Vec::new() };
                heard(&[&self.read(contact, &newest)])
            }
            4 if self.contacts[contact].needs_answer => {
                let newest = self.messages.iter().rev().find(|message| of_contact(message));
                let Some(message) = newest.map(|newest| newest.id.clone()) else { return Vec::new() };
                let contact = &mut self.contacts[contact];
                contact.needs_answer = false;
                heard(&[&ConversationEvent::NoAnswerNeeded { contact: contact.id.clone(), message }])
            }
            _ => {
                let author = dice.pick(&[Author::Contact, Author::Contact, Author::Bot, Author::Coach]);
                let message = self.hear(contact, author, "Hola", now);
                heard(&[&ConversationEvent::New(message)])
            }
        }
    }

    /// All that the contact has written up to the message has been read.
    pub fn read(&mut self, contact: usize, up_to: &MessageId) -> ConversationEvent {
        let contact = self.contacts[contact].id.clone();
        let up_to_here = self.messages.iter().position(|message| message.id == *up_to);
        for message in self.messages.iter_mut().take(up_to_here.map_or(0, |place| place + 1)) {
            if message.contact_id == contact && message.direction == Direction::Inbound {
                message.status = MessageStatus::Read;
            }
        }
        ConversationEvent::Status { contact, message: up_to.clone(), status: MessageStatus::Read }
    }

    /// Somebody has written something.
    pub fn hear(&mut self, contact: usize, author: Author, text: &str, now: Timestamp) -> Message {
        self.last_id += 1;
        // Each is later than all before, as the server sees to it.
        let created_at = self.messages.last().map_or(now, |last| later(last.created_at, now));
        let is_inbound = author == Author::Contact;
        let message = Message {
            id: MessageId::new(format!("m{:05}", self.last_id)),
            contact_id: self.contacts[contact].id.clone(),
            direction: if is_inbound { Direction::Inbound } else { Direction::Outbound },
            author,
            text: MessageText::new(text).expect("a text"),
            status: if is_inbound { MessageStatus::Delivered } else { MessageStatus::Queued },
            created_at,
        };
        let contact = &mut self.contacts[contact];
        contact.needs_answer = match author {
            Author::Contact => true,
            Author::Coach => false,
            Author::Bot => contact.needs_answer,
        };
        self.messages.push(message.clone());
        message
    }
}

/// A change of something by the server itself.
pub trait Touch {
    fn touch(&mut self, now: Timestamp);
}

impl Touch for Device {
    fn touch(&mut self, now: Timestamp) {
        self.last_seen_at = later(self.last_seen_at, now);
    }
}

/// Now, and later than before.
fn later(before: Timestamp, now: Timestamp) -> Timestamp {
    now.max(before.plus_ms(1))
}

pub fn heard(events: &[&dyn WireEvent]) -> Vec<Event> {
    events.iter().filter_map(|event| Event::heard(*event)).collect()
}

fn profile(version: u64, now: Timestamp) -> HealthProfile {
    let text = format!(
        r#"{{"displayName":"Ana","dailyStepGoal":{},"units":"metric","timeZone":"Europe/Madrid","language":"es",
        "updatedAt":"{now}","version":{version}}}"#,
        5_000 + version
    );
    serde_json::from_str(&text).expect("a profile")
}

fn link(number: u32, now: Timestamp) -> ManagedConnection {
    let text = format!(
        r#"{{"id":"l{number}","type":"SHELLY","referenceId":"Box {number}","status":"disconnected",
        "autoReconnect":true,"createdAt":"{now}","updatedAt":"{now}"}}"#
    );
    serde_json::from_str(&text).expect("a link")
}

fn log_row(number: u32, now: Timestamp) -> ConnectionLog {
    let text =
        format!(r#"{{"id":"w{number:05}","connectionId":"l1","eventType":"connect","createdAt":"{now}"}}"#);
    serde_json::from_str(&text).expect("a row")
}
