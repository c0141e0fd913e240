//! What the server holds of the families.

use std::collections::BTreeMap;

use latido_cache::families::deliveries::Delivery;
use latido_protocol::{
    conversation::{
        Author, Channel, ContactId, ContactName, Conversation, Direction, Message, MessageStatus, Side,
    },
    delivery::{DeliveryEvent, DeliveryStatus, DeliverySummary},
    device::Device,
    link::{ConnectionLog, ManagedConnection},
    profile::HealthProfile,
    session::User,
    time::Timestamp,
};

use super::{
    What, first_contact,
    held::{
        Row, row_of_conversation, row_of_delivery, row_of_device, row_of_link, row_of_log, row_of_message,
        row_of_person, row_of_profile, row_of_sums,
    },
};

/// A contact, beside its messages.
#[derive(Clone)]
pub struct Contact {
    pub id: ContactId,
    pub created_at: Timestamp,
    pub needs_answer: bool,
}

/// Everything, in no order.
#[derive(Clone, Default)]
pub struct Truth {
    pub profile: Option<HealthProfile>,
    pub people: Vec<User>,
    pub devices: Vec<Device>,
    pub links: Vec<ManagedConnection>,
    pub log: Vec<ConnectionLog>,
    pub deliveries: Vec<DeliveryEvent>,
    pub contacts: Vec<Contact>,
    /// Of all contacts, the oldest first.
    pub messages: Vec<Message>,
    /// What a message of the user's under this idempotency key was answered with.
    pub said: BTreeMap<String, Message>,
    pub last_id: u32,
}

impl Truth {
    pub fn people(&self) -> Vec<User> {
        let mut people = self.people.clone();
        people.sort_by(|one, other| {
            (one.name.as_str(), one.id.as_str()).cmp(&(other.name.as_str(), other.id.as_str()))
        });
        people
    }

    pub fn devices(&self) -> Vec<Device> {
        let mut devices = self.devices.clone();
        devices.sort_by(|one, other| (&one.name, one.id.as_str()).cmp(&(&other.name, other.id.as_str())));
        devices
    }

    pub fn links(&self) -> Vec<ManagedConnection> {
        newest_first(&self.links, |link| (link.created_at, link.id.as_str()))
    }

    pub fn log(&self) -> Vec<ConnectionLog> {
        newest_first(&self.log, |row| (row.created_at, row.id.as_str()))
    }

    pub fn deliveries(&self) -> Vec<DeliveryEvent> {
        newest_first(&self.deliveries, |delivery| (delivery.created_at, delivery.id.as_str()))
    }

    pub fn sums(&self) -> DeliverySummary {
        let count =
            |status| self.deliveries.iter().filter(|delivery| delivery.status == status).count() as u64;
        DeliverySummary {
            total_events: self.deliveries.len() as u64,
            pending_events: count(DeliveryStatus::Pending),
            delivered_events: count(DeliveryStatus::Delivered),
            failed_events: count(DeliveryStatus::Failed),
        }
    }

    pub fn conversations(&self) -> Vec<Conversation> {
        let mut conversations: Vec<_> =
            self.contacts.iter().map(|contact| self.conversation(contact)).collect();
        conversations.sort_by(|one, other| {
            other.updated_at.cmp(&one.updated_at).then_with(|| one.contact_id.cmp(&other.contact_id))
        });
        conversations
    }

    fn conversation(&self, contact: &Contact) -> Conversation {
        let messages = || self.messages.iter().filter(|message| message.contact_id == contact.id);
        let is_unread = |message: &&Message| {
            message.direction == Direction::Inbound && message.status != MessageStatus::Read
        };
        let last = messages().max_by_key(|message| (message.created_at, message.id.clone()));
        Conversation {
            contact_id: contact.id.clone(),
            name: ContactName::new("Ana").expect("a name"),
            channel: Channel::Web,
            last_message: last.cloned(),
            unread: messages().filter(is_unread).count() as u32,
            side: Side::Team,
            needs_answer: contact.needs_answer,
            updated_at: last.map_or(contact.created_at, |last| last.created_at),
        }
    }

    /// Of the first contact.
    pub fn messages(&self) -> Vec<Message> {
        let first = first_contact();
        let of_first: Vec<_> =
            self.messages.iter().filter(|message| message.contact_id == first).cloned().collect();
        newest_first(&of_first, |message| (message.created_at, message.id.as_str()))
    }

    /// What a page has to show, from the top.
    pub fn rows(&self, what: What) -> Vec<Row> {
        match what {
            What::Profile => self.profile.iter().map(row_of_profile).collect(),
            What::People => self.people().iter().map(row_of_person).collect(),
            What::Devices => self.devices().iter().map(row_of_device).collect(),
            What::Links => self.links().iter().map(row_of_link).collect(),
            What::Log => self.log().iter().map(row_of_log).collect(),
            What::Deliveries => self
                .deliveries()
                .into_iter()
                .map(|delivery| row_of_delivery(&Delivery::from(delivery)))
                .collect(),
            What::Sums => vec![row_of_sums(&self.sums())],
            What::Inbox => self.conversations().iter().map(row_of_conversation).collect(),
            What::Thread => self
                .messages()
                .iter()
                .map(|message| {
                    let row = row_of_message(message.id.as_str(), message.text.as_str(), message.status);
                    let rank = if message.direction == Direction::Inbound { 0 } else { row.rank };
                    Row { rank, ..row }
                })
                .collect(),
        }
    }

    /// Whether somebody of the team wrote it.
    pub fn is_of_team(message: &Message) -> bool {
        message.author == Author::Coach
    }
}

fn newest_first<T: Clone>(all: &[T], place: impl Fn(&T) -> (Timestamp, &str)) -> Vec<T> {
    let mut sorted = all.to_vec();
    sorted.sort_by(|one, other| place(other).cmp(&place(one)));
    sorted
}
