//! One link: its machine, its devices, its log, and what of them has to be written. It does no I/O; the
//! task around it carries out its orders and writes its changes.
//!
//! What is in memory is ahead of the database by what [`Link::take_changes`] gives next. A change of status and what
//! follows from it for the devices are given together, so that they are written in one transaction and no
//! viewer sees a device that is online behind a link that is down.

use latido_domain::device_link::{DeviceChannel, LinkChanges};
use latido_protocol::{
    device::Device,
    link::{
        ConnectionLog, LinkAction, LinkFigures, LinkId, LinkStatus, LogKind, LogMetadata, ManagedConnection,
    },
    reason::{Code, Reason},
    time::Timestamp,
};
use tokio::time::Instant;

use super::{
    connector::Reading,
    link_log::LinkLog,
    machine::{Dial, Input, LinkEffect, Machine},
    registry::DeviceRegistry,
};

/// Both clocks: what time it is for people, and the one by which deadlines are kept.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub at: Timestamp,
    pub instant: Instant,
}

pub struct Link {
    connection: ManagedConnection,
    machine: Machine,
    fleet: DeviceRegistry,
    journal: LinkLog,
    figures: LinkFigures,
    changed: bool,
    dialed_at: Option<Instant>,
    was_connected: bool,
    /// What the log says is wrong, so that it says it once and not with every attempt.
    logged_trouble: Option<Reason>,
}

impl Link {
    /// As it was left by an earlier run: whatever it was then, it is down now.
    pub fn restore(
        connection: ManagedConnection,
        devices: impl IntoIterator<Item = (DeviceChannel, Device)>,
        seed: u64,
    ) -> Self {
        let mut link = Self {
            machine: Machine::new(connection.auto_reconnect, seed),
            fleet: DeviceRegistry::restore(devices),
            journal: LinkLog::new(connection.id.clone()),
            figures: LinkFigures { links: 1, ..LinkFigures::default() },
            changed: false,
            dialed_at: None,
            was_connected: false,
            logged_trouble: None,
            connection,
        };
        link.reflect(None);
        link
    }

    pub fn id(&self) -> &LinkId {
        &self.connection.id
    }

    pub fn connection(&self) -> &ManagedConnection {
        &self.connection
    }

    pub fn device(&self, channel: &DeviceChannel) -> Option<&Device> {
        self.fleet.get(channel)
    }

    pub fn devices(&self) -> impl Iterator<Item = (&DeviceChannel, &Device)> {
        self.fleet.devices()
    }

    /// The number of the connection that stands.
    pub fn connected(&self) -> Option<Dial> {
        self.machine.connected()
    }

    pub fn auto_reconnect(&self) -> bool {
        self.machine.auto_reconnect()
    }

    pub fn figures(&self) -> LinkFigures {
        let (devices, online) = self.fleet.count();
        LinkFigures {
            connected: self.connected().is_some().into(),
            devices: devices as u64,
            devices_online: online as u64,
            ..self.figures
        }
    }

    /// What somebody has asked for, as contract section 1.3 says it.
    pub fn act(&mut self, action: LinkAction, actor: LogMetadata, now: Now) -> Vec<LinkEffect> {
        let wanted = match action {
            LinkAction::Start | LinkAction::Restart => true,
            LinkAction::Stop => false,
            LinkAction::ToggleReconnect => !self.auto_reconnect(),
        };
        let said = match (action, wanted) {
            (LinkAction::Start, _) => Code::LinkStarted.says("The link was started."),
            (LinkAction::Stop, _) => Code::LinkStopped.says("The link was stopped."),
            (LinkAction::Restart, _) => Code::LinkRestarted.says("The link was restarted."),
            (LinkAction::ToggleReconnect, true) => Code::ReconnectOn.says("Reconnecting was switched on."),
            (LinkAction::ToggleReconnect, false) => Code::ReconnectOff.says("Reconnecting was switched off."),
        };
        self.note_action(said, actor, now);
        let mut orders = self.handle(Input::AutoReconnect(wanted), now);
        if matches!(action, LinkAction::Stop | LinkAction::Restart) {
            orders.extend(self.handle(Input::Stop, now));
        }
        if matches!(action, LinkAction::Start | LinkAction::Restart) {
            self.logged_trouble = None;
            orders.extend(self.handle(Input::Start, now));
        }
        orders
    }

    /// Enters into the log what somebody has done.
    pub fn note_action(&mut self, said: impl Into<Reason>, actor: LogMetadata, now: Now) {
        let row = self.journal.row(LogKind::Action, said, now.at);
        self.journal.enter(ConnectionLog { metadata: Some(actor), ..row });
    }

    /// Enters an error that is not the connection's.
    pub fn note_error(&mut self, said: impl Into<Reason>, trouble: Option<Reason>, now: Now) {
        self.figures.errors += 1;
        let row = self.journal.row(LogKind::Error, said, now.at);
        self.journal.enter(row.because(trouble));
    }

    pub fn handle(&mut self, input: Input, now: Now) -> Vec<LinkEffect> {
        let connected = self.connected();
        let orders = self.machine.handle(input, now.instant);
        if orders.iter().any(|order| matches!(order, LinkEffect::Dial(_))) {
            self.dialed_at = Some(now.instant);
        }
        match (connected, self.connected()) {
            (None, Some(_)) => self.came_up(now),
            (Some(_), None) => self.went_down(now),
            (None, None) if self.machine.trouble().is_some() => self.note_trouble(now),
            (None, None) | (Some(_), Some(_)) => {}
        }
        self.reflect(Some(now.at));
        orders
    }

    fn came_up(&mut self, now: Now) {
        let took = self.dialed_at.map(|dialed_at| now.instant.duration_since(dialed_at).as_millis() as u64);
        let row =
            self.journal.row(LogKind::Connect, Code::LinkUp.says("The connection was established."), now.at);
        self.journal.enter(ConnectionLog { response_time: took, ..row });
        self.journal.begin(now.instant);
        self.figures.reconnects += u64::from(self.was_connected);
        self.was_connected = true;
        self.logged_trouble = None;
        self.connection.last_ping_at = Some(now.at);
    }

    fn went_down(&mut self, now: Now) {
        self.fleet.offline();
        self.journal.end(now.at);
        let trouble = self.machine.trouble().cloned();
        self.figures.errors += u64::from(trouble.is_some());
        self.logged_trouble.clone_from(&trouble);
        let said = if trouble.is_some() {
            Code::LinkLost.says("The connection was lost.")
        } else {
            Code::LinkDown.says("The connection was closed.")
        };
        let row = self.journal.row(LogKind::Disconnect, said, now.at);
        self.journal.enter(row.because(trouble));
    }

    fn note_trouble(&mut self, now: Now) {
        let trouble = self.machine.trouble().cloned();
        if trouble != self.logged_trouble {
            let said = Code::LinkNotUp.says("The connection could not be established.");
            self.note_error(said, trouble.clone(), now);
            self.logged_trouble = trouble;
        }
    }

    /// Makes the record say what the machine says. `None`: nothing has happened, it was only wrong.
    fn reflect(&mut self, now: Option<Timestamp>) {
        let (status, auto_reconnect) = (self.machine.status(), self.machine.auto_reconnect());
        let trouble = self.machine.trouble();
        let record = &mut self.connection;
        let detail = trouble.map(|trouble| trouble.detail.as_str());
        if (status, detail, auto_reconnect)
            == (record.status, record.error_message.as_deref(), record.auto_reconnect)
        {
            return;
        }
        record.error_message = detail.map(str::to_owned);
        record.error_code = trouble.and_then(Reason::word);
        record.error_params = trouble.map(|trouble| trouble.params.clone()).unwrap_or_default();
        (record.status, record.auto_reconnect) = (status, auto_reconnect);
        record.updated_at = now.unwrap_or(record.updated_at);
        self.changed = true;
    }

    /// Something came over this connection: `bytes` of a message, or none with the answer to a ping.
    pub fn heard(&mut self, dial: Dial, bytes: Option<usize>, now: Now) {
        if self.connected() != Some(dial) {
            return;
        }
        if let Some(bytes) = bytes {
            self.figures.messages += 1;
            self.figures.bytes += bytes as u64;
            self.journal.message(bytes);
        }
        self.connection.last_ping_at = Some(now.at);
        self.handle(Input::Heard(dial), now);
    }

    /// What came over this connection says something of a device.
    pub fn read(&mut self, dial: Dial, reading: Reading, now: Now) {
        if self.connected() == Some(dial)
            && self.fleet.hear(&self.connection.id, reading, now.at).is_err()
            && self.logged_trouble.is_none()
        {
            // Once a connection is enough.
            let said = Code::TooManyDevices
                .says("The source has more devices than are kept; the others are left out.");
            self.logged_trouble = Some(said.clone());
            self.note_error(said, None, now);
        }
    }

    /// Something came that could not be read.
    pub fn misheard(&mut self) {
        self.figures.errors += 1;
    }

    /// Sets whether a device is for appointments only; `None` when there is no such device.
    pub fn adopt(&mut self, channel: &DeviceChannel, appointment_only_mode: bool) -> Option<&Device> {
        self.fleet.adopt(channel, appointment_only_mode)
    }

    /// A person waits for this device's state: it is written next.
    pub fn hasten(&mut self, channel: &DeviceChannel) {
        self.fleet.hasten(channel);
    }

    /// When [`Input::Tick`] is wanted.
    pub fn deadline(&self) -> Option<Instant> {
        self.machine.deadline()
    }

    /// When there is something to be written.
    pub fn changes_due(&self, now: Instant) -> Option<Instant> {
        let record = self.changed.then_some(now);
        [record, self.fleet.due(now), self.journal.due(now)].into_iter().flatten().min()
    }

    /// What has to be written now. It counts as written.
    pub fn take_changes(&mut self, now: Now) -> LinkChanges {
        let changed = std::mem::take(&mut self.changed);
        LinkChanges {
            connection: changed.then(|| self.connection.clone()),
            devices: self.fleet.take_due(now.instant),
            rows: self.journal.take_due(now.at, now.instant),
        }
    }

    /// These could not be written after all.
    pub fn put_back(&mut self, changes: LinkChanges) {
        self.changed |= changes.connection.is_some();
        self.fleet.put_back(changes.devices.into_iter().map(|(channel, _)| channel));
        self.journal.put_back(changes.rows);
    }

    pub fn status(&self) -> LinkStatus {
        self.connection.status
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
