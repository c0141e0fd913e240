//! Contacts: somebody outside who writes by `WhatsApp` or the web. A contact belongs to one person, and
//! whoever sees the person sees the conversation.
//!
//! A contact is kept with its person, so that the person's conversations are one list. Two signposts lead
//! to it: from its id, and from its address, which is unique within the tenant because it is all that
//! comes with a message.

use latido_protocol::{
    conversation::{Address, Channel, ContactId, ContactName, Direction, Message, MessageId},
    problem::FieldError,
    reason::{Code, Reason},
    session::UserId,
    time::Timestamp,
    values::Invalid,
};
use serde::{Deserialize, Serialize};

use crate::{
    access,
    account::{Account, TenantId},
    error::DomainError,
    fields::{Fields, Object, text},
    outbox,
    store::{Owner, Read, Slice, StoreError, Stored, Write},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub id: ContactId,
    /// Whose contact it is.
    pub person: UserId,
    pub tenant: TenantId,
    pub name: ContactName,
    pub channel: Channel,
    pub address: Address,
    pub last_message: Option<Message>,
    /// Messages of the contact that nobody of the team has read.
    pub unread: u32,
    /// How many messages the contact's side has written, and the team's. They count from when counting began.
    #[serde(default)]
    pub inbound: i64,
    #[serde(default)]
    pub outbound: i64,
    /// How many of the team's the contact's side has read.
    #[serde(default)]
    pub outbound_read: i64,
    /// The newest message of the contact's side.
    #[serde(default)]
    pub newest_inbound: Option<MessageId>,
    /// Whether the team has yet to answer. Unknown until something is said: then the last message tells.
    #[serde(default)]
    pub answer_due: Option<bool>,
    /// When it was created or something was last said.
    pub updated_at: Timestamp,
}

impl Stored for Contact {
    const COLLECTION: &'static str = "contact";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.updated_at
    }
}

/// Leads from a contact's id, and from its address, to the person whose contact it is.
#[derive(Serialize, Deserialize)]
struct ContactIndex {
    id: String,
    contact: ContactId,
    person: UserId,
    since: Timestamp,
}

impl Stored for ContactIndex {
    const COLLECTION: &'static str = "contactSignpost";

    fn id(&self) -> &str {
        &self.id
    }

    fn at(&self) -> Timestamp {
        self.since
    }
}

/// The index that a contact has itself.
const BY_ID: &str = "home";

/// The id of an address's index.
fn address_key(channel: Channel, address: &Address) -> String {
    format!("{}:{}", channel.as_str(), address.as_str())
}

impl Contact {
    pub fn owner(&self) -> Owner {
        Owner::contact(&self.id)
    }

    /// Whether the team has not answered what the contact's side said last. The assistant's answer is none.
    pub fn needs_answer(&self) -> bool {
        let last = || self.last_message.as_ref().is_some_and(|last| last.direction == Direction::Inbound);
        self.answer_due.unwrap_or_else(last)
    }

    pub fn newest_inbound(&self) -> Option<&MessageId> {
        let last = self.last_message.as_ref().filter(|last| last.direction == Direction::Inbound);
        self.newest_inbound.as_ref().or(last.map(|last| &last.id))
    }
}

/// What it takes to have a contact.
#[derive(Clone, Debug)]
pub struct NewContact {
    pub name: ContactName,
    pub channel: Channel,
    pub address: Address,
}

pub fn draft(body: &Object) -> Result<NewContact, DomainError> {
    let mut fields = Fields::of(body);
    let name = fields.required("name", text(ContactName::new));
    let channel = fields.required("channel", text(Channel::parse));
    let address = fields.required("address", text(|address| address_on(channel, address)));
    let new = (|| Some(NewContact { name: name?, channel: channel?, address: address? }))();
    fields.finish(new).map_err(DomainError::Invalid)
}

/// An address on a channel; on one that is not known it can only be looked at as a text.
fn address_on(channel: Option<Channel>, address: &str) -> Result<Address, Invalid> {
    channel.map_or_else(|| Address::new(address), |channel| Address::on(channel, address))
}

/// Gives a person a new contact. Refused when another contact of the tenant has the address, and when a guest
/// claims a telephone number: nobody here knows whose it is, and its messages are health data. A coach may add
/// it for the guest.
pub fn create(
    write: &mut Write,
    caller: &UserId,
    person: &Account,
    new: NewContact,
    now: Timestamp,
) -> Result<Contact, DomainError> {
    if *caller == person.id && person.is_guest() && new.channel == Channel::WhatsApp {
        let unproven = Code::NumberUnproven
            .says("is a number that nobody here has checked; your team can add it for you");
        return Err(refuse_address(unproven));
    }
    if by_address(&write.read(), &person.tenant, new.channel, &new.address)?.is_some() {
        let taken = Code::AddressTaken.says("belongs to another conversation already");
        return Err(refuse_address(taken));
    }
    let contact = Contact {
        id: ContactId::new(uuid::Uuid::now_v7().to_string()),
        person: person.id.clone(),
        tenant: person.tenant.clone(),
        name: new.name,
        channel: new.channel,
        address: new.address,
        last_message: None,
        unread: 0,
        inbound: 0,
        outbound: 0,
        outbound_read: 0,
        newest_inbound: None,
        answer_due: None,
        updated_at: now,
    };
    let index = |id| ContactIndex { id, contact: contact.id.clone(), person: person.id.clone(), since: now };
    write.put(&contact.owner(), &index(BY_ID.to_owned()))?;
    write.put(&contact.tenant.owner(), &index(address_key(contact.channel, &contact.address)))?;
    put(write, &contact)?;
    Ok(contact)
}

fn refuse_address(why: Reason) -> DomainError {
    DomainError::Invalid(vec![FieldError::new("address", why)])
}

pub fn put(write: &mut Write, contact: &Contact) -> Result<(), StoreError> {
    write.put(&Owner::user(&contact.person), contact)
}

/// All contacts of a person.
pub fn of_person(read: &Read, person: &UserId) -> Result<Vec<Contact>, StoreError> {
    read.list(&Owner::user(person), &Slice::default())
}

/// A contact, whoever asks: for webhooks, which are the contact's side.
pub fn by_id(read: &Read, id: &ContactId) -> Result<Option<Contact>, StoreError> {
    follow(read, read.get(&Owner::contact(id), BY_ID)?)
}

pub fn by_address(
    read: &Read,
    tenant: &TenantId,
    channel: Channel,
    address: &Address,
) -> Result<Option<Contact>, StoreError> {
    follow(read, read.get(&tenant.owner(), &address_key(channel, address))?)
}

fn follow(read: &Read, index: Option<ContactIndex>) -> Result<Option<Contact>, StoreError> {
    let Some(index) = index else { return Ok(None) };
    read.get(&Owner::user(&index.person), index.contact.as_str())
}

/// A contact that the caller may see.
pub fn seen_by(read: &Read, caller: &UserId, id: &ContactId) -> Result<Contact, DomainError> {
    let contact = by_id(read, id)?.ok_or(DomainError::NotFound)?;
    access::person(read, caller, Some(&contact.person))?;
    Ok(contact)
}

/// Who may see the conversation with this contact; nobody, if there is no such contact.
pub fn viewers(read: &Read, id: &ContactId) -> Result<Vec<UserId>, StoreError> {
    match by_id(read, id)? {
        Some(contact) => access::viewers_of_person(read, &contact.person),
        None => Ok(Vec::new()),
    }
}

/// Takes away all contacts of a person with everything that was said.
pub fn forget_all(write: &mut Write, person: &UserId) -> Result<(), StoreError> {
    for contact in of_person(&write.read(), person)? {
        let (tenant, address) = (contact.tenant.owner(), address_key(contact.channel, &contact.address));
        // Of two contacts that had one number in two spellings, the index leads to one.
        let index: Option<ContactIndex> = write.read().get(&tenant, &address)?;
        if index.is_some_and(|index| index.contact == contact.id) {
            write.remove::<ContactIndex>(&tenant, &address)?;
        }
        write.forget(&contact.owner())?;
        write.remove::<Contact>(&Owner::user(person), contact.id.as_str())?;
        outbox::forget(write, &contact.id)?;
    }
    Ok(())
}
