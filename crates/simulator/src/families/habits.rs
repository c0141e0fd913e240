//! What the user does with the families: switching, pausing, reading, writing.

use latido_cache::families::devices::Control;
use latido_protocol::{
    conversation::{Author, ContactId, Direction, Message, MessageText},
    device::{Device, DeviceEvent},
    event::Event,
};

use super::{
    change::{Touch, heard},
    held::Held,
};
use crate::{page::request::Ask, server::Logged, story::tell, tally::Class, world::World};

/// The number of a message that the user has written.
pub fn written(text: &str) -> Option<u32> {
    text.strip_prefix('T').and_then(|number| number.parse().ok())
}

impl World {
    /// Others change something of what is watched, or of something else.
    pub fn families_change(&mut self) {
        let Some(what) = self.pick_watched().map(|place| self.page.watching[place]) else { return };
        let wall = self.wall();
        self.server.keep_past(wall);
        let events = self.server.families.change(what, &mut self.family_dice, wall);
        tell!(self, "others", "change {what:?}: {events:?}");
        self.count(Class::FamilyChange);
        self.announce(events);
    }

    pub fn announce(&mut self, events: Vec<Event>) {
        for event in events {
            self.server.append(Logged::Event(Box::new(event)));
            self.broadcast();
        }
    }

    fn pick_watched(&mut self) -> Option<usize> {
        let count = self.page.watching.len();
        (count > 0).then(|| self.family_dice.below(count))
    }

    /// The user does something with what is on the screen.
    pub fn user_uses_families(&mut self) {
        let Some(place) = self.pick_watched() else { return };
        if self.page.paused || place >= self.page.watched.len() {
            return;
        }
        let pick = self.family_dice.seed() as usize;
        match &mut self.page.watched[place].held {
            Held::Devices(devices) => {
                let Some(all) = devices.shown().map(Iterator::collect::<Vec<_>>) else { return };
                let Some(device) = all.get(pick % all.len().max(1)) else { return };
                let (id, on) = (device.device.id.clone(), !device.is_on(Control::Relay));
                if let Some(attempt) = devices.ask(&id, Control::Relay, on) {
                    self.count(Class::Switch);
                    tell!(self, "user", "switches {id} {on}");
                    self.ask(Ask::Switch { device: id, on, attempt });
                }
            }
            Held::Log(log) => {
                if log.waiting().is_some() {
                    log.resume();
                } else {
                    log.pause();
                }
            }
            Held::Inbox(inbox) => {
                let contacts: Vec<ContactId> =
                    inbox.conversations().map(|conversation| conversation.contact_id.clone()).collect();
                if let Some(contact) = contacts.get(pick % contacts.len().max(1)).cloned() {
                    self.ask(Ask::Read { contact });
                }
            }
            Held::Thread(thread) => {
                self.page.said += 1;
                let text = MessageText::new(&format!("T{}", self.page.said)).expect("a text");
                let wall = crate::record::at(self.now);
                thread.write(format!("k{}", self.page.said), text, wall);
                self.count(Class::Said);
                self.send_unsent(false);
            }
            Held::Profile(_) | Held::People(_) | Held::Links(_) | Held::Deliveries(_) | Held::Sums(_) => {}
        }
    }

    /// Whoever has paused the log goes on.
    pub fn user_resumes_log(&mut self) {
        for watched in &mut self.page.watched {
            if let Held::Log(log) = &mut watched.held {
                log.resume();
            }
        }
    }

    /// Sends what waits, one at a time; what got no answer only when there is reason to hope.
    pub fn send_unsent(&mut self, hope: bool) {
        if self.page.is_saying {
            return;
        }
        for watched in &mut self.page.watched {
            if let Held::Thread(thread) = &mut watched.held {
                if hope {
                    thread.retry_unanswered();
                }
                if let Some(out) = thread.to_send() {
                    let (key, text) = (out.key.clone(), out.text.clone());
                    self.page.is_saying = true;
                    self.ask(Ask::Say { key, text });
                    return;
                }
            }
        }
    }

    // ── The server ──────────────────────────────────────────────────────────────────────────────

    /// `None` if the device refuses, or is gone.
    pub fn server_switches(
        &mut self,
        device: &latido_protocol::device::DeviceId,
        on: bool,
    ) -> Option<Device> {
        let wall = self.wall();
        let works = self.family_dice.chance(70);
        self.server.keep_past(wall);
        let device = self.server.families.devices.iter_mut().find(|known| known.id == *device)?;
        if !device.online || !works {
            return None;
        }
        device.relay_on = on;
        device.touch(wall);
        let device = device.clone();
        self.announce(heard(&[&DeviceEvent::Updated(device.clone())]));
        Some(device)
    }

    pub fn server_hears_said(&mut self, key: &str, text: &MessageText) -> Message {
        if let Some(message) = self.server.families.said.get(key) {
            return message.clone();
        }
        if let Some(number) = written(text.as_str()).filter(|number| *number <= self.page.said_before) {
            self.page.said_late.push(number);
        }
        let wall = self.wall();
        self.server.keep_past(wall);
        let message = self.server.families.hear(0, Author::Coach, text.as_str(), wall);
        self.server.families.said.insert(key.to_owned(), message.clone());
        self.announce(heard(&[&latido_protocol::conversation::ConversationEvent::New(message.clone())]));
        message
    }

    pub fn server_notes_reading(&mut self, contact: &ContactId) {
        let wall = self.wall();
        let families = &self.server.families;
        let place = families.contacts.iter().position(|known| known.id == *contact);
        let newest = families
            .messages
            .iter()
            .rev()
            .find(|message| message.contact_id == *contact && message.direction == Direction::Inbound);
        if let (Some(place), Some(newest)) = (place, newest.map(|newest| newest.id.clone())) {
            self.server.keep_past(wall);
            let event = self.server.families.read(place, &newest);
            self.announce(heard(&[&event]));
        }
    }

    // ── Answers ─────────────────────────────────────────────────────────────────────────────────

    pub fn switched(
        &mut self,
        device: &latido_protocol::device::DeviceId,
        attempt: u32,
        outcome: Result<Device, ()>,
    ) {
        let settles_at = self.settles_at();
        for place in 0..self.page.watched.len() {
            let before = self.rows_before(place);
            if let Held::Devices(devices) = &mut self.page.watched[place].held {
                devices.answered(device, Control::Relay, attempt, outcome.clone(), settles_at);
                self.check_event(place, &before, settles_at);
                self.settle_family(place, settles_at);
            }
        }
    }

    pub fn said(&mut self, key: &str, message: Option<Message>) {
        use latido_cache::families::thread::Failure;
        self.page.is_saying = false;
        let settles_at = self.settles_at();
        let was_taken = message.is_some();
        for place in 0..self.page.watched.len() {
            let before = self.rows_before(place);
            if let Held::Thread(thread) = &mut self.page.watched[place].held {
                match message.clone() {
                    Some(message) => thread.taken(key.to_owned(), message, settles_at),
                    None => thread.failed(key, Failure::NoAnswer),
                }
                self.check_event(place, &before, settles_at);
                self.settle_family(place, settles_at);
            }
        }
        if was_taken {
            self.send_unsent(false);
        }
    }

    pub fn was_read(&mut self, contact: &ContactId) {
        let settles_at = self.settles_at();
        for place in 0..self.page.watched.len() {
            if let Held::Inbox(inbox) = &mut self.page.watched[place].held {
                inbox.read(contact, settles_at);
                self.settle_family(place, settles_at);
                self.page.watched[place].schedule.invalidate();
            }
        }
        self.pump();
    }

    fn settle_family(&mut self, place: usize, settles_at: latido_protocol::time::Timestamp) {
        if settles_at > latido_protocol::time::Timestamp::EPOCH {
            let watched = &mut self.page.watched[place];
            watched.settles_at = watched.settles_at.max(settles_at);
            watched.schedule.settle_by(settles_at);
            self.pump();
        }
    }
}
