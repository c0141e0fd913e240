//! What a provider says: a message, how far one of ours has come, or that the contact is typing.

use latido_domain::{
    account::TenantId,
    contact::{self, Contact},
    error::DomainError,
    fields::{Fields, Object, text},
    store::Read,
};
use latido_protocol::{
    conversation::{Address, Author, Channel, ContactId, MessageId, MessageStatus, MessageText},
    problem::FieldError,
    values::Invalid,
};
use serde_json::Value;

/// Longer ids of providers are refused.
const MAX_PROVIDER_ID: usize = 200;

/// Which contact it is about: by the id it has here, or by its address.
#[derive(Clone, Debug, PartialEq)]
pub enum ContactRef {
    Id(ContactId),
    Address { tenant: TenantId, channel: Channel, address: Address },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    pub contact: ContactRef,
    pub what: InboundKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum InboundKind {
    /// The contact has written, or the assistant to the contact.
    Message {
        provider_id: String,
        author: Author,
        text: MessageText,
    },
    /// A message of ours has come so far.
    Status {
        message: MessageId,
        status: MessageStatus,
    },
    Typing(bool),
}

const TYPES: &[&str] = &["message", "status", "typing:start", "typing:stop"];
/// Messages of people at the dashboard are written there.
const AUTHORS: &[&str] = &["contact", "bot"];
/// What a provider can know.
const STATUSES: &[&str] = &["sent", "failed", "delivered", "read"];

impl Inbound {
    pub fn read(body: &Object) -> Result<Self, Vec<FieldError>> {
        let mut fields = Fields::of(body);
        let kind = fields.required("type", one_of(TYPES));
        let contact = ContactRef::read(&mut fields);
        let what = match kind {
            Some("message") => message(&mut fields),
            Some("status") => status(&mut fields),
            Some("typing:start") => Some(InboundKind::Typing(true)),
            Some("typing:stop") => Some(InboundKind::Typing(false)),
            _ => None,
        };
        let made = (|| Some(Self { contact: contact?, what: what? }))();
        fields.finish(made)
    }
}

impl ContactRef {
    /// Reads `contactId`, or else `channel`, `address` and, where it is not the main one, `tenant`.
    pub fn read(fields: &mut Fields) -> Option<Self> {
        let id = fields.optional("contactId", text(|id| Ok(ContactId::new(id))));
        if let Some(id) = id? {
            return Some(Self::Id(id));
        }
        let tenant = fields.or(
            "tenant",
            TenantId::main(),
            text(|name| TenantId::new(name).ok_or(Invalid::WrongType { expected: "the name of a tenant" })),
        );
        let channel = fields.required("channel", text(Channel::parse));
        let address = fields.required(
            "address",
            text(|address| match channel {
                Some(channel) => Address::of_provider(channel, address),
                None => Address::new(address),
            }),
        );
        Some(Self::Address { tenant: tenant?, channel: channel?, address: address? })
    }

    /// The contact. Somebody unknown is refused: a conversation belongs to a person here, and only people
    /// here can say to whom.
    pub fn contact(&self, read: &Read) -> Result<Contact, DomainError> {
        let (found, name) = match self {
            Self::Id(id) => (contact::by_id(read, id)?, "contactId"),
            Self::Address { tenant, channel, address } => {
                (contact::by_address(read, tenant, *channel, address)?, "address")
            }
        };
        found.ok_or_else(|| {
            let detail = "belongs to no conversation; it has to be created first";
            DomainError::Invalid(vec![FieldError::new(name, detail)])
        })
    }
}

fn message(fields: &mut Fields) -> Option<InboundKind> {
    let provider_id = fields.required("id", text(provider_id));
    let author = fields.or("author", "contact", one_of(AUTHORS));
    let text = fields.required("text", text(MessageText::new));
    Some(InboundKind::Message {
        provider_id: provider_id?,
        author: Author::parse(author?).ok()?,
        text: text?,
    })
}

fn status(fields: &mut Fields) -> Option<InboundKind> {
    let message = fields.required("messageId", text(|id| Ok(MessageId::new(id))));
    let status = fields.required("status", one_of(STATUSES));
    Some(InboundKind::Status { message: message?, status: MessageStatus::parse(status?).ok()? })
}

fn provider_id(id: &str) -> Result<String, Invalid> {
    match id.chars().count() {
        0 => Err(Invalid::Required),
        1..=MAX_PROVIDER_ID => Ok(id.to_owned()),
        _ => Err(Invalid::TooLong { max: MAX_PROVIDER_ID }),
    }
}

/// One of these words.
fn one_of(words: &'static [&'static str]) -> impl Fn(&Value) -> Result<&'static str, Invalid> {
    text(move |word| words.iter().find(|known| **known == word).copied().ok_or(Invalid::NotOneOf { words }))
}
