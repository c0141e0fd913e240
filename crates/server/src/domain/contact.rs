//! Contacts: somebody outside who writes by `WhatsApp` or the web. A contact belongs to one person, and
//! whoever sees the person sees the conversation.
//!
//! A contact is kept with its person, so that the person's conversations are one list. Two signposts lead
//! to it: from its id, and from its address, which is unique within the tenant because it is all that
//! comes with a message.

use latido_protocol::{
    conversation::{Address, Channel, ContactId, ContactName, Conversation, Message},
    problem::FieldError,
    session::UserId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    Refused,
    account::{Account, TenantId},
    fields::{Fields, Object, text},
    scope,
};
use crate::store::{Owner, Read, Slice, StoreError, Stored, Write};

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
    pub unread: u32,
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
struct Signpost {
    id: String,
    contact: ContactId,
    person: UserId,
    since: Timestamp,
}

impl Stored for Signpost {
    const COLLECTION: &'static str = "contactSignpost";

    fn id(&self) -> &str {
        &self.id
    }

    fn at(&self) -> Timestamp {
        self.since
    }
}

/// The signpost that a contact has itself.
const HOME: &str = "home";

/// The id of an address's signpost.
fn place(channel: Channel, address: &Address) -> String {
    format!("{}:{}", channel.as_str(), address.as_str())
}

impl Contact {
    pub fn owner(&self) -> Owner {
        Owner::contact(&self.id)
    }

    pub fn conversation(&self) -> Conversation {
        Conversation {
            contact_id: self.id.clone(),
            name: self.name.clone(),
            channel: self.channel,
            last_message: self.last_message.clone(),
            unread: self.unread,
            updated_at: self.updated_at,
        }
    }
}

/// What it takes to have a contact.
#[derive(Clone, Debug)]
pub struct NewContact {
    pub name: ContactName,
    pub channel: Channel,
    pub address: Address,
}

pub fn draft(body: &Object) -> Result<NewContact, Refused> {
    let mut fields = Fields::of(body);
    let name = fields.required("name", text(ContactName::new));
    let channel = fields.required("channel", text(Channel::parse));
    let address = fields.required("address", text(Address::new));
    let new = (|| Some(NewContact { name: name?, channel: channel?, address: address? }))();
    fields.finish(new).map_err(Refused::Invalid)
}

/// Gives a person a new contact. Refused when another contact of the tenant has the address.
pub fn create(
    write: &mut Write,
    person: &Account,
    new: NewContact,
    now: Timestamp,
) -> Result<Contact, Refused> {
    if by_address(&write.read(), &person.tenant, new.channel, &new.address)?.is_some() {
        return Err(Refused::Invalid(vec![FieldError {
            pointer: "/address".to_owned(),
            detail: "belongs to another conversation already".to_owned(),
        }]));
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
        updated_at: now,
    };
    let signpost = |id| Signpost { id, contact: contact.id.clone(), person: person.id.clone(), since: now };
    write.put(&contact.owner(), &signpost(HOME.to_owned()))?;
    write.put(&contact.tenant.owner(), &signpost(place(contact.channel, &contact.address)))?;
    put(write, &contact)?;
    Ok(contact)
}

pub fn put(write: &mut Write, contact: &Contact) -> Result<(), StoreError> {
    write.put(&Owner::user(&contact.person), contact)
}

/// A contact, whoever asks: for webhooks, which are the contact's side.
pub fn by_id(read: &Read, id: &ContactId) -> Result<Option<Contact>, StoreError> {
    follow(read, read.get(&Owner::contact(id), HOME)?)
}

pub fn by_address(
    read: &Read,
    tenant: &TenantId,
    channel: Channel,
    address: &Address,
) -> Result<Option<Contact>, StoreError> {
    follow(read, read.get(&tenant.owner(), &place(channel, address))?)
}

fn follow(read: &Read, signpost: Option<Signpost>) -> Result<Option<Contact>, StoreError> {
    let Some(signpost) = signpost else { return Ok(None) };
    read.get(&Owner::user(&signpost.person), signpost.contact.as_str())
}

/// A contact that the caller may see.
pub fn seen_by(read: &Read, caller: &UserId, id: &ContactId) -> Result<Contact, Refused> {
    let contact = by_id(read, id)?.ok_or(Refused::NotFound)?;
    scope::person(read, caller, Some(&contact.person))?;
    Ok(contact)
}

/// Who may see the conversation with this contact; nobody, if there is no such contact.
pub fn viewers(read: &Read, id: &ContactId) -> Result<Vec<UserId>, StoreError> {
    match by_id(read, id)? {
        Some(contact) => scope::viewers_of_person(read, &contact.person),
        None => Ok(Vec::new()),
    }
}

/// Takes away all contacts of a person with everything that was said.
pub fn forget_all(write: &mut Write, person: &UserId) -> Result<(), StoreError> {
    for contact in write.read().list::<Contact>(&Owner::user(person), &Slice::default())? {
        write.remove::<Signpost>(&contact.tenant.owner(), &place(contact.channel, &contact.address))?;
        write.forget(&contact.owner())?;
        write.remove::<Contact>(&Owner::user(person), contact.id.as_str())?;
        crate::webhook::outbox::forget(write, &contact.id)?;
    }
    Ok(())
}
