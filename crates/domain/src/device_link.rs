//! Links, their devices and their logs, as they are kept, and who is told when they change.
//!
//! A link and its devices belong to a tenant, a log to its link. What a link has changed is written in one
//! transaction together with the events for everybody who sees it.

use latido_protocol::{
    device::{Device, DeviceEvent, DeviceId},
    id::Id,
    link::{
        ConnectionLog, LinkEvent, LinkId, LinkMetadata, LinkStatus, LinkType, LogKind, LogMetadata,
        ManagedConnection, ReferenceId,
    },
    problem::FieldError,
    reason::{Code, Params, Reason},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    access,
    account::{Role, TenantId},
    error::DomainError,
    store::{Owner, Read, Slice, StoreError, Stored, Write, document::SortOrder},
};

/// A tenant that adds links without end fills no server with tasks.
pub const MAX_LINKS: usize = 100;

/// A device link before it is kept. Not `Debug`: it holds a secret.
pub struct NewLink {
    pub kind: LinkType,
    pub reference_id: ReferenceId,
    pub auto_reconnect: bool,
    /// The whole address, with a query that may hold a secret.
    pub address: String,
    /// Of a Shelly its password, of another source the bearer token.
    pub secret: Option<String>,
    /// The part that may be shown.
    pub metadata: LinkMetadata,
}

/// A link with what is not shown of it. Not `Debug`: it holds secrets.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredLink {
    pub tenant: TenantId,
    /// The whole address.
    pub address: String,
    pub secret: Option<String>,
    pub connection: ManagedConnection,
}

impl Stored for StoredLink {
    const COLLECTION: &'static str = "link";

    fn id(&self) -> &str {
        self.connection.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.connection.created_at
    }
}

/// Leads the server to the links of all tenants.
#[derive(Serialize, Deserialize)]
struct LinkPlace {
    link: LinkId,
    tenant: TenantId,
    since: Timestamp,
}

impl Stored for LinkPlace {
    const COLLECTION: &'static str = "linkPlace";

    fn id(&self) -> &str {
        self.link.as_str()
    }

    fn at(&self) -> Timestamp {
        self.since
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub struct StoredDevice {
    pub link: LinkId,
    pub channel: String,
    pub device: Device,
}

impl Stored for StoredDevice {
    const COLLECTION: &'static str = "device";

    fn id(&self) -> &str {
        self.device.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.device.last_seen_at
    }
}

impl Stored for ConnectionLog {
    const COLLECTION: &'static str = "linkLog";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn at(&self) -> Timestamp {
        self.created_at
    }

    fn facet(&self) -> &'static str {
        self.event_type.as_str()
    }
}

/// Names a device within its link: `switch:0`, or what a source calls it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceChannel(String);

impl DeviceChannel {
    /// 1 to 64 letters, digits and `. _ : -` of ASCII, for it becomes a part of the device's id.
    pub fn new(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        ((1..=64).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What has to be written, in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkChanges {
    pub connection: Option<ManagedConnection>,
    pub devices: Vec<(DeviceChannel, Device)>,
    pub rows: Vec<ConnectionLog>,
}

impl LinkChanges {
    pub fn is_empty(&self) -> bool {
        self.connection.is_none() && self.devices.is_empty() && self.rows.is_empty()
    }
}

/// The links of all tenants.
pub fn all(read: &Read) -> Result<Vec<StoredLink>, StoreError> {
    let places = read.list::<LinkPlace>(&Owner::server(), &Slice::default())?;
    let links = places.iter().map(|place| find(read, &place.tenant, &place.link));
    links.filter_map(Result::transpose).collect()
}

/// The links of a tenant, newest first.
pub fn of_tenant(read: &Read, tenant: &TenantId) -> Result<Vec<StoredLink>, StoreError> {
    read.list(&tenant.owner(), &Slice::default())
}

/// A link of the tenant. Another tenant's does not exist.
pub fn find(read: &Read, tenant: &TenantId, link: &LinkId) -> Result<Option<StoredLink>, StoreError> {
    read.get(&tenant.owner(), link.as_str())
}

/// The devices of a tenant.
pub fn devices(read: &Read, tenant: &TenantId) -> Result<Vec<StoredDevice>, StoreError> {
    read.list(&tenant.owner(), &Slice::default())
}

/// A device of the tenant. Another tenant's does not exist.
pub fn device(read: &Read, tenant: &TenantId, id: &DeviceId) -> Result<Option<StoredDevice>, StoreError> {
    read.get(&tenant.owner(), id.as_str())
}

/// The devices of a link.
pub fn devices_of(read: &Read, link: &StoredLink) -> Result<Vec<(DeviceChannel, Device)>, StoreError> {
    let devices = devices(read, &link.tenant)?.into_iter();
    let own = devices.filter(|device| device.link == link.connection.id);
    Ok(own.filter_map(|stored| Some((DeviceChannel::new(&stored.channel)?, stored.device))).collect())
}

/// Adds a link to a tenant, and gives it as it is kept.
pub fn create(
    write: &mut Write,
    tenant: &TenantId,
    new: &NewLink,
    actor: LogMetadata,
    now: Timestamp,
) -> Result<StoredLink, DomainError> {
    let refused = |reason: Reason| DomainError::Invalid(vec![FieldError::new("referenceId", reason)]);
    let links = of_tenant(&write.read(), tenant)?;
    let is_same = |link: &StoredLink| {
        link.connection.kind == new.kind && link.connection.reference_id == new.reference_id
    };
    if links.iter().any(is_same) {
        return Err(refused(Code::NameTaken.says("is taken by another connection of this type")));
    }
    if links.len() >= MAX_LINKS {
        let reason = Code::TooManyLinks.says("would be one connection too many; there can be 100");
        return Err(refused(reason.with("max", MAX_LINKS as f64)));
    }
    let id = LinkId::new(uuid::Uuid::now_v7().to_string());
    let link = StoredLink {
        tenant: tenant.clone(),
        address: new.address.clone(),
        secret: new.secret.clone(),
        connection: ManagedConnection {
            id: id.clone(),
            kind: new.kind,
            reference_id: new.reference_id.clone(),
            status: LinkStatus::Disconnected,
            last_ping_at: None,
            error_message: None,
            error_code: None,
            error_params: Params::default(),
            metadata: Some(new.metadata.clone()),
            auto_reconnect: new.auto_reconnect,
            created_at: now,
            updated_at: now,
        },
    };
    write.put(&tenant.owner(), &link)?;
    write.put(&Owner::server(), &LinkPlace { link: id.clone(), tenant: tenant.clone(), since: now })?;
    let row = log_row(&id, LogKind::Action, Code::LinkAdded.says("The connection was added."), now);
    let changes = LinkChanges {
        connection: Some(link.connection.clone()),
        rows: vec![ConnectionLog { metadata: Some(actor), ..row }],
        ..LinkChanges::default()
    };
    save(write, tenant, &id, &changes, now)?;
    Ok(link)
}

/// Takes a link away, with its devices and its log, and tells the admins, who have it on their screens: by a
/// row that is kept nowhere, as the log is gone. Gives whether there was a link.
pub fn remove(
    write: &mut Write,
    link: &StoredLink,
    actor: LogMetadata,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for (_, device) in devices_of(&write.read(), link)? {
        write.remove::<StoredDevice>(&link.tenant.owner(), device.id.as_str())?;
    }
    let id = &link.connection.id;
    write.forget(&Owner::link(id))?;
    write.remove::<LinkPlace>(&Owner::server(), id.as_str())?;
    let removed = write.remove::<StoredLink>(&link.tenant.owner(), id.as_str())?;
    if removed {
        let row = log_row(id, LogKind::Action, Code::LinkRemoved.says("The connection was removed."), now);
        let rows = vec![ConnectionLog { metadata: Some(actor), ..row }];
        tell(write, &link.tenant, &LinkChanges { rows, ..LinkChanges::default() }, now)?;
    }
    Ok(removed)
}

/// Writes what a link has changed, and tells everybody who sees it. Gives `false`, with nothing written,
/// when there is no such link any more.
pub fn save(
    write: &mut Write,
    tenant: &TenantId,
    link: &LinkId,
    changes: &LinkChanges,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(mut stored) = find(&write.read(), tenant, link)? else { return Ok(false) };
    if let Some(connection) = &changes.connection {
        stored.connection = connection.clone();
        write.put(&tenant.owner(), &stored)?;
    }
    for (channel, device) in &changes.devices {
        let channel = channel.as_str().to_owned();
        let device = StoredDevice { link: link.clone(), channel, device: device.clone() };
        write.put(&tenant.owner(), &device)?;
    }
    for row in &changes.rows {
        write.put(&Owner::link(link), row)?;
    }
    tell(write, tenant, changes, now)?;
    Ok(true)
}

fn tell(
    write: &mut Write,
    tenant: &TenantId,
    changes: &LinkChanges,
    now: Timestamp,
) -> Result<(), StoreError> {
    for user in access::members(&write.read(), tenant, Role::Admin)? {
        if let Some(connection) = &changes.connection {
            write.append(&user, &LinkEvent::Updated(Box::new(connection.clone())), now)?;
        }
        for row in &changes.rows {
            write.append(&user, &LinkEvent::Logged(Box::new(row.clone())), now)?;
        }
    }
    if changes.devices.is_empty() {
        return Ok(());
    }
    for user in access::members(&write.read(), tenant, Role::User)? {
        for (_, device) in &changes.devices {
            write.append(&user, &DeviceEvent::Updated(device.clone()), now)?;
        }
    }
    Ok(())
}

/// Takes away the rows of a link's log from before `before`, and the oldest ones of more than `rows`.
pub fn clean(write: &mut Write, link: &LinkId, before: Timestamp, rows: usize) -> Result<(), StoreError> {
    let owner = Owner::link(link);
    write.trim::<ConnectionLog>(&owner, before)?;
    let count = usize::try_from(write.read().count::<ConnectionLog>(&owner, None)?).unwrap_or(usize::MAX);
    let surplus =
        Slice { order: SortOrder::OldestFirst, limit: count.saturating_sub(rows), ..Slice::default() };
    if surplus.limit > 0 {
        for row in write.read().list::<ConnectionLog>(&owner, &surplus)? {
            write.remove::<ConnectionLog>(&owner, row.id.as_str())?;
        }
    }
    Ok(())
}

/// A row of a link's log that says no more than what happened.
pub fn log_row(link: &LinkId, kind: LogKind, message: impl Into<Reason>, now: Timestamp) -> ConnectionLog {
    let message = message.into();
    ConnectionLog {
        id: Id::new(uuid::Uuid::now_v7().to_string()),
        connection_id: link.clone(),
        event_type: kind,
        code: message.word(),
        message: Some(message.detail),
        error_details: None,
        error_code: None,
        params: message.params,
        metadata: None,
        response_time: None,
        data_size: None,
        created_at: now,
    }
}
