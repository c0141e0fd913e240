//! The links that a caller may see: those of the own tenant, for an admin.

use latido_domain::{
    access,
    account::Role,
    device_link::{self, StoredLink},
    error::DomainError,
};
use latido_protocol::link::{LinkId, ManagedConnection};

use super::{current_user::CurrentUser, problem::Problem};
use crate::state::AppState;

/// The link of the caller's tenant, for an admin.
pub async fn find(app: &AppState, caller: &CurrentUser, id: String) -> Result<StoredLink, Problem> {
    let account = caller.account.clone();
    let found = app.store.read(move |read| {
        access::require(&account, Role::Admin)?;
        device_link::find(read, &account.tenant, &LinkId::new(id))?.ok_or(DomainError::NotFound)
    });
    Ok(found.await?)
}

/// The links of the caller's tenant, newest first, for an admin.
pub async fn all(app: &AppState, caller: &CurrentUser) -> Result<Vec<ManagedConnection>, Problem> {
    let account = caller.account.clone();
    let found = app.store.read(move |read| {
        access::require(&account, Role::Admin)?;
        Ok::<_, DomainError>(device_link::of_tenant(read, &account.tenant)?)
    });
    Ok(found.await?.into_iter().map(|stored| current(app, stored.connection)).collect())
}

/// When the other side was last heard of changes with every message, and is written only now and then.
pub fn current(app: &AppState, connection: ManagedConnection) -> ManagedConnection {
    let heard = app.links.stats(&connection.id).and_then(|stats| stats.last_heard_at);
    ManagedConnection { last_ping_at: heard.max(connection.last_ping_at), ..connection }
}
