//! Carrying out the commands of a link's task.

use latido_domain::device_link::DeviceChannel;
use latido_protocol::{device::Device, link::LogMetadata, reason::Code};
use tokio::{sync::oneshot, time::Instant};

use super::{
    Task,
    request::{Call, Command, SwitchError},
};
use crate::links::{connector::CommandId, machine::Input};

/// So many commands may wait for their answers.
const MAX_CALLS: usize = 16;

impl Task<'_> {
    pub(super) async fn obey(&mut self, command: Command) {
        match command {
            Command::Act { action, actor, reply } => {
                let orders = self.link.act(action, actor, self.now());
                self.carry_out(orders).await;
                let done = self.flush().await.map(|_| self.link.connection().clone());
                let _ = reply.send(done);
            }
            Command::Switch { channel, on, actor, reply } => self.switch(channel, on, actor, reply).await,
            Command::Adopt { channel, appointment_only_mode, reply } => {
                let adopted = self.link.adopt(&channel, appointment_only_mode).cloned();
                let _ = reply.send(self.flush().await.map(|_| adopted));
            }
            Command::Close => {
                self.tell(Input::Stop).await;
                self.closing = true;
            }
        }
    }

    async fn switch(
        &mut self,
        channel: DeviceChannel,
        on: bool,
        actor: LogMetadata,
        reply: oneshot::Sender<Result<Device, SwitchError>>,
    ) {
        let Some((dial, device)) = self.link.connected().zip(self.link.device(&channel).cloned()) else {
            let _ = reply.send(Err(SwitchError::Offline));
            return;
        };
        if !device.online {
            let _ = reply.send(Err(SwitchError::Offline));
            return;
        }
        if self.calls.len() >= MAX_CALLS {
            let _ = reply.send(Err(SwitchError::Busy));
            return;
        }
        let command = CommandId(self.next_command);
        self.next_command += 1;
        let text = self.wire.connector(dial).and_then(|connector| connector.switch(command, &channel, on));
        let Some(text) = text else {
            let _ = reply.send(Err(SwitchError::NoRelay));
            return;
        };
        let (code, asked) = if on { (Code::SwitchedOn, "on") } else { (Code::SwitchedOff, "off") };
        let said = code.says(format!("{} was asked to switch {asked}.", device.name));
        self.link.note_action(said.with("device", &*device.name), actor, self.now());
        let until = Instant::now() + self.environment.settings.command_within;
        self.calls.insert(command, Call { until, channel, reply });
        self.say(dial, text).await;
    }

    /// What the device has done is written before anybody is told that it is done.
    pub(super) async fn answer(&mut self, command: CommandId, result: Result<(), String>) {
        let Some(call) = self.calls.remove(&command) else { return };
        self.link.hasten(&call.channel);
        let written = self.flush().await;
        let device = self.link.device(&call.channel).cloned();
        let _ = call.reply.send(match (result, written, device) {
            (Err(refusal), ..) => Err(SwitchError::Refused(refusal)),
            (Ok(()), Err(error), _) => Err(error.into()),
            (Ok(()), Ok(_), Some(device)) => Ok(device),
            (Ok(()), Ok(_), None) => Err(SwitchError::NoRelay),
        });
    }

    /// Gives up the commands whose time is over.
    pub(super) fn give_up_calls(&mut self, now: Instant) {
        for (command, call) in self.calls.extract_if(|_, call| call.until <= now) {
            if let Some(connector) = self.link.connected().and_then(|dial| self.wire.connector(dial)) {
                connector.forget(command);
            }
            let _ = call.reply.send(Err(SwitchError::TimedOut));
        }
    }

    /// Nobody will answer any more.
    pub(super) fn lose_calls(&mut self) {
        for (_, call) in self.calls.drain() {
            let _ = call.reply.send(Err(SwitchError::Lost));
        }
    }
}
