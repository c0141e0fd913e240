//! Commands that a link's task is given. A relay is switched when the device reports it, so such a command waits for an
//! answer, a deadline or the end of the connection, whichever comes first.

use latido_domain::{device_link::DeviceChannel, store::StoreError};
use latido_protocol::{
    device::Device,
    link::{LinkAction, LogMetadata, ManagedConnection},
};
use tokio::{sync::oneshot, time::Instant};

/// Why a relay was not switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    #[error("the device is not online")]
    Offline,
    #[error("the source has no such relay")]
    NoRelay,
    #[error("too many commands are waiting for an answer")]
    Busy,
    #[error("the device did not answer in time")]
    TimedOut,
    #[error("the connection was lost before the device answered")]
    Lost,
    #[error("the device refused: {0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a task is asked to do.
pub enum Command {
    Act {
        action: LinkAction,
        actor: LogMetadata,
        reply: oneshot::Sender<Result<ManagedConnection, StoreError>>,
    },
    Switch {
        channel: DeviceChannel,
        on: bool,
        actor: LogMetadata,
        reply: oneshot::Sender<Result<Device, SwitchError>>,
    },
    Adopt {
        channel: DeviceChannel,
        appointment_only_mode: bool,
        reply: oneshot::Sender<Result<Option<Device>, StoreError>>,
    },
    /// Hang up, write that, and end. `autoReconnect` stays what it is.
    Close,
}

/// A command that waits for the device's answer.
pub(super) struct Call {
    pub(super) until: Instant,
    pub(super) channel: DeviceChannel,
    pub(super) reply: oneshot::Sender<Result<Device, SwitchError>>,
}
