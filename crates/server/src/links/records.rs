//! Links, their devices and their logs, as they are kept, and who is told when they change.
//!
//! A link and its devices belong to a tenant, a log to its link. What a link has changed is written in one
//! transaction together with the events for everybody who sees it.

use latido_protocol::{
    device::{Device, DeviceEvent, DeviceId},
    link::{ConnectionLog, LinkEvent, LinkId, LinkStatus, LogKind, LogMetadata, ManagedConnection},
    problem::FieldError,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{connector::Channel, journal::row, link::Changes};
use crate::{
    domain::{
        Refused,
        account::{Role, TenantId},
        link::LinkDraft,
        scope,
    },
    store::{Owner, Read, Slice, StoreError, Stored, Write, document::Order},
};

/// A tenant that adds links without end fills no server with tasks.
pub const MAX_LINKS: usize = 100;

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
pub fn devices_of(read: &Read, link: &StoredLink) -> Result<Vec<(Channel, Device)>, StoreError> {
    let devices = devices(read, &link.tenant)?.into_iter();
    let own = devices.filter(|device| device.link == link.connection.id);
    Ok(own.filter_map(|stored| Some((Channel::new(&stored.channel)?, stored.device))).collect())
}

/// Adds a link to a tenant, and gives it as it is kept.
pub fn create(
    write: &mut Write,
    tenant: &TenantId,
    draft: &LinkDraft,
    actor: LogMetadata,
    now: Timestamp,
) -> Result<StoredLink, Refused> {
    let refused = |detail: &str| {
        let pointer = "/referenceId".to_owned();
        Refused::Invalid(vec![FieldError { pointer, detail: detail.to_owned() }])
    };
    let links = of_tenant(&write.read(), tenant)?;
    let is_same = |link: &StoredLink| {
        link.connection.kind == draft.kind && link.connection.reference_id == draft.reference_id
    };
    if links.iter().any(is_same) {
        return Err(refused("is taken by another connection of this type"));
    }
    if links.len() >= MAX_LINKS {
        return Err(refused("would be one connection too many; there can be 100"));
    }
    let id = LinkId::new(uuid::Uuid::now_v7().to_string());
    let link = StoredLink {
        tenant: tenant.clone(),
        address: draft.address.expose(),
        secret: draft.secret.clone(),
        connection: ManagedConnection {
            id: id.clone(),
            kind: draft.kind,
            reference_id: draft.reference_id.clone(),
            status: LinkStatus::Disconnected,
            last_ping_at: None,
            error_message: None,
            metadata: Some(draft.metadata()),
            auto_reconnect: draft.auto_reconnect,
            created_at: now,
            updated_at: now,
        },
    };
    write.put(&tenant.owner(), &link)?;
    write.put(&Owner::server(), &LinkPlace { link: id.clone(), tenant: tenant.clone(), since: now })?;
    let row = row(&id, LogKind::Action, "The connection was added.", now);
    let changes = Changes {
        connection: Some(link.connection.clone()),
        rows: vec![ConnectionLog { metadata: Some(actor), ..row }],
        ..Changes::default()
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
        let row = row(id, LogKind::Action, "The connection was removed.", now);
        let rows = vec![ConnectionLog { metadata: Some(actor), ..row }];
        tell(write, &link.tenant, &Changes { rows, ..Changes::default() }, now)?;
    }
    Ok(removed)
}

/// Writes what a link has changed, and tells everybody who sees it. Gives `false`, with nothing written,
/// when there is no such link any more.
pub fn save(
    write: &mut Write,
    tenant: &TenantId,
    link: &LinkId,
    changes: &Changes,
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

fn tell(write: &mut Write, tenant: &TenantId, changes: &Changes, now: Timestamp) -> Result<(), StoreError> {
    for user in scope::members(&write.read(), tenant, Role::Admin)? {
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
    for user in scope::members(&write.read(), tenant, Role::User)? {
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
    let surplus = Slice { order: Order::OldestFirst, limit: count.saturating_sub(rows), ..Slice::default() };
    if surplus.limit > 0 {
        for row in write.read().list::<ConnectionLog>(&owner, &surplus)? {
            write.remove::<ConnectionLog>(&owner, row.id.as_str())?;
        }
    }
    Ok(())
}
