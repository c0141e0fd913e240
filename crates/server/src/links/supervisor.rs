//! All links of the server: a task for each, and a handle to it. A mistake in one of them ends its task,
//! which is begun anew; the others do not notice.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::FutureExt;
use latido_domain::{
    device_link::{self, DeviceChannel, StoredLink},
    store::{Flow, Store, StoreError},
};
use latido_protocol::{
    device::Device,
    link::{LinkAction, LinkId, LinkType, LogMetadata, ManagedConnection},
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};
use tracing::{error, info};

use super::{
    connector::Connector,
    generic::GenericConnector,
    lookup::Lookups,
    settings::LinkSettings,
    shelly::ShellyConnector,
    task::{Command, Environment, LinkStats, SwitchError, Task},
};
use crate::clock::Clock;

/// Commands that may wait for one link.
const QUEUE: usize = 32;
/// A task that came to grief is begun anew after this.
const REST: Duration = Duration::from_secs(5);

struct Handle {
    commands: mpsc::Sender<Command>,
    stats: watch::Receiver<Option<LinkStats>>,
    task: JoinHandle<()>,
}

pub struct Links {
    environment: Arc<Environment>,
    handles: Mutex<HashMap<LinkId, Handle>>,
}

/// The connector that a link's type asks for.
pub fn connector(link: &StoredLink) -> Box<dyn Connector> {
    match link.connection.kind {
        LinkType::Shelly => {
            let src = format!("latido-{}", link.connection.id);
            Box::new(ShellyConnector::new(src, link.secret.clone()))
        }
        // The other two cannot be added.
        LinkType::Custom | LinkType::SocketIo | LinkType::Test => {
            let fields = link.connection.metadata.clone().and_then(|metadata| metadata.fields);
            Box::new(GenericConnector::new(fields.unwrap_or_default()))
        }
    }
}

impl Links {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, settings: LinkSettings) -> Self {
        Self::with(Environment { store, clock, settings, lookups: Lookups::default(), connect: connector })
    }

    pub fn with(environment: Environment) -> Self {
        Self { environment: Arc::new(environment), handles: Mutex::default() }
    }

    /// Begins the tasks of all links there are. Those that reconnect by themselves dial at once.
    pub async fn open(&self) -> Result<(), StoreError> {
        let links = self.environment.store.read(device_link::all).await?;
        if !links.is_empty() {
            info!(count = links.len(), "managed connections are taken up");
        }
        for link in links {
            self.begin(link);
        }
        Ok(())
    }

    /// Begins the task of a link.
    pub fn begin(&self, link: StoredLink) {
        let (commands, queue) = mpsc::channel(QUEUE);
        let (show, stats) = watch::channel(None);
        let id = link.connection.id.clone();
        // What devices say waits behind what other devices of the tenant say, and for no one else's.
        let flow = Flow::of("tenant", link.tenant.as_str());
        let task = tokio::spawn(flow.scope(supervise(Arc::clone(&self.environment), link, queue, show)));
        self.handles().insert(id, Handle { commands, stats, task });
    }

    /// Hangs up, and ends the task.
    pub async fn end(&self, link: &LinkId) {
        let handle = self.handles().remove(link);
        if let Some(handle) = handle {
            finish(handle).await;
        }
    }

    /// Hangs up everywhere, writes that, and ends. What reconnects by itself does so with the next start.
    pub async fn close(&self) {
        let handles: Vec<_> = self.handles().drain().map(|(_, handle)| handle).collect();
        futures_util::future::join_all(handles.into_iter().map(finish)).await;
    }

    /// What the link is doing; `None` when it has no task, or one that has only begun.
    pub fn stats(&self, link: &LinkId) -> Option<LinkStats> {
        self.handles().get(link).and_then(|handle| *handle.stats.borrow())
    }

    pub async fn act(
        &self,
        link: &LinkId,
        action: LinkAction,
        actor: LogMetadata,
    ) -> Result<ManagedConnection, StoreError> {
        let acted = self.ask(link, |reply| Command::Act { action, actor, reply }).await;
        acted.unwrap_or(Err(StoreError::Unavailable))
    }

    /// Switches a relay and waits for the device's answer.
    pub async fn switch(
        &self,
        link: &LinkId,
        channel: DeviceChannel,
        on: bool,
        actor: LogMetadata,
    ) -> Result<Device, SwitchError> {
        let switched = self.ask(link, |reply| Command::Switch { channel, on, actor, reply }).await;
        switched.unwrap_or(Err(SwitchError::Offline))
    }

    /// Sets whether a device is for appointments only; `None` when there is no such device.
    pub async fn adopt(
        &self,
        link: &LinkId,
        channel: DeviceChannel,
        appointment_only_mode: bool,
    ) -> Result<Option<Device>, StoreError> {
        let adopted = self.ask(link, |reply| Command::Adopt { channel, appointment_only_mode, reply }).await;
        adopted.unwrap_or(Ok(None))
    }

    /// `None` when there is no such task, or it came to grief meanwhile.
    async fn ask<T>(&self, link: &LinkId, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Option<T> {
        let commands = self.handles().get(link).map(|handle| handle.commands.clone())?;
        let (reply, answer) = oneshot::channel();
        commands.send(command(reply)).await.ok()?;
        answer.await.ok()
    }

    fn handles(&self) -> MutexGuard<'_, HashMap<LinkId, Handle>> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn finish(handle: Handle) {
    // A task that is gone already needs no telling.
    let _ = handle.commands.send(Command::Close).await;
    let _ = handle.task.await;
}

/// Runs the task of a link, as often as it takes.
async fn supervise(
    environment: Arc<Environment>,
    link: StoredLink,
    mut commands: mpsc::Receiver<Command>,
    show: watch::Sender<Option<LinkStats>>,
) {
    let (tenant, id) = (link.tenant, link.connection.id);
    let mut panicked = false;
    loop {
        let (tenant, wanted) = (tenant.clone(), id.clone());
        let loaded = environment.store.read(move |read| {
            let Some(link) = device_link::find(read, &tenant, &wanted)? else { return Ok(None) };
            let devices = device_link::devices_of(read, &link)?;
            Ok::<_, StoreError>(Some((link, devices)))
        });
        match loaded.await {
            Ok(None) => return,
            Ok(Some((link, devices))) => {
                let mut task = Task::new(&environment, link, devices, &mut commands, &show);
                if panicked {
                    // What the task before this one left behind is put right at once, and then nothing is
                    // done for a while.
                    task.repair().await;
                    drop(task);
                    if !rest(&mut commands).await {
                        return;
                    }
                    panicked = false;
                    continue;
                }
                if AssertUnwindSafe(task.run()).catch_unwind().await.is_ok() {
                    return;
                }
                error!(link = %id, "the task of a link came to grief and is begun anew");
                panicked = true;
            }
            Err(error) => {
                error!(link = %id, %error, "a link could not be read; it is tried again");
                if !rest(&mut commands).await {
                    return;
                }
            }
        }
    }
}

/// Does nothing for a while; what is commanded meanwhile is refused. `false`: it is over for good.
async fn rest(commands: &mut mpsc::Receiver<Command>) -> bool {
    let over = async { while !matches!(commands.recv().await, None | Some(Command::Close)) {} };
    timeout(REST, over).await.is_err()
}
